"""`make faults`: randomised schedules of work and trouble, and an oracle that asks only the screen and the database."""
