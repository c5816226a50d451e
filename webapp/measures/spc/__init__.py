"""Run charts and control charts: pure functions of numbers, without database, language or clock.

Sources: Anhøj & Olesen 2014 (run rules); Montgomery, Introduction to Statistical Quality Control (limits);
Laney 2002 (p', u'); Benneyan 2001 (g); Nelson 1982 (screened moving ranges); NHS England, Making Data Count (XmR rules).
"""
