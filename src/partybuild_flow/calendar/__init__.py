"""Working days and business hours: when a term ends, what a pause costs it, when a share of it has passed.

Pure arithmetic on a calendar that is read elsewhere; no clock is asked here. Days and times of day are
those of the civil clock, instants are given and taken with their zone. See docs/calendar.md.
"""

from partybuild_flow.calendar.calendar import Calendar, CalendarYear, DaysOff, Due, Pauses

__all__ = ["Calendar", "CalendarYear", "DaysOff", "Due", "Pauses"]
