"""What schema.org allows of the types that a public page uses: each property with the types that its value may have.

Written down by hand from the vocabulary of https://schema.org, release 30.0 of 19 March 2026; of each type only the
properties that are used here or lie close to them. A type takes its parents' properties too.
"""

PARENTS = {
    "MedicalWebPage": "WebPage",
    "WebPage": "CreativeWork",
    "ScholarlyArticle": "CreativeWork",
    "Book": "CreativeWork",
    "Chapter": "CreativeWork",
    "Dataset": "CreativeWork",
    "Report": "CreativeWork",
    "Thesis": "CreativeWork",
    "CreativeWork": "Thing",
    "Person": "Thing",
    "Organization": "Thing",
    "MedicalAudience": "Audience",
    "Audience": "Thing",
    "DefinedTerm": "Thing",
    "PropertyValue": "Thing",
}

TEXT, DATE, URL, NUMBER = "Text", "Date", "URL", "Number"

PROPERTIES: dict[str, dict[str, set[str]]] = {
    "Thing": {
        "name": {TEXT},
        "description": {TEXT},
        "url": {URL},
        "sameAs": {URL},
        "identifier": {"PropertyValue", TEXT, URL},
    },
    "CreativeWork": {
        "headline": {TEXT},
        "about": {"Thing"},
        "author": {"Person", "Organization"},
        "editor": {"Person"},
        "publisher": {"Person", "Organization"},
        "publishingPrinciples": {"CreativeWork", URL},
        "citation": {"CreativeWork", TEXT},
        "correction": {"CorrectionComment", TEXT, URL},
        "creativeWorkStatus": {"DefinedTerm", TEXT},
        "creditText": {TEXT},
        "dateModified": {DATE, "DateTime"},
        "datePublished": {DATE, "DateTime"},
        "digitalSourceType": {"IPTCDigitalSourceEnumeration"},
        "inLanguage": {"Language", TEXT},
        "version": {NUMBER, TEXT},
    },
    "WebPage": {"lastReviewed": {DATE}, "reviewedBy": {"Person", "Organization"}},
    "MedicalWebPage": {"medicalAudience": {"MedicalAudience", "MedicalAudienceType"}},
    "Person": {"honorificSuffix": {TEXT}, "affiliation": {"Organization"}},
    "Organization": {},
    "Audience": {"audienceType": {TEXT}},
    "DefinedTerm": {"termCode": {TEXT}, "inDefinedTermSet": {"DefinedTermSet", URL}},
    "PropertyValue": {"propertyID": {TEXT, URL}, "value": {TEXT, NUMBER}},
}

MEMBERS = {
    "https://schema.org/TrainedAlgorithmicMediaDigitalSource": "IPTCDigitalSourceEnumeration",
    "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource": "IPTCDigitalSourceEnumeration",
}
"""Members of enumerations, given by their address."""
