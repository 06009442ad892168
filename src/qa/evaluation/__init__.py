"""Measure: questions and judgements → runs → measures, comparisons, a report and a verdict."""
