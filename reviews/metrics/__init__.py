"""How the desk is doing: turnaround, punctuality, load, queue, re-reviews, and what the board can carry.

**What nobody learns here.** Figures are counts and durations of rounds, seats and pages; no verdict, comment or
reason of anybody goes into them. Yet where an article stands can tell what somebody signed: “ready to decide” or
“objection open” with a count of one names it to whoever knows that round. So the live views of the queue leave out
every article on whose open panel the reader sits, as the desk's own cards do (``reviews/blindness.py``), and say how
many they left out. Durations need no such care: that a seat has been signed stands on the panel that its members see,
and how a round ended counts only once it has been closed.
"""
