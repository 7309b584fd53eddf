"""What happens and what is offered, by date: entries chosen from the facts, as iCalendar and as Atom; no HTTP."""
