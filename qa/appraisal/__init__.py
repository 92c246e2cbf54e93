"""A Record → its Appraisal: design, sample size, species, language, registrations, status; by rules, with evidence."""

from qa.appraisal.appraiser import VERSION, appraise, with_retractions
from qa.appraisal.names import resolve

__all__ = ["VERSION", "appraise", "resolve", "with_retractions"]
