"""Admission: ports, examinations, determinations, officer decisions and notices."""
