"""A Record → Appraisal: study design, sample size, species, language, registrations, status; by rules, with evidence."""

from qa.appraisal.appraiser import VERSION, appraise
from qa.appraisal.names import resolve

__all__ = ["VERSION", "appraise", "resolve"]
