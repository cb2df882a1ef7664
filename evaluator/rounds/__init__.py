"""A round: its timetable, and the rules that opening it freezes."""
