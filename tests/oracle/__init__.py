"""Reference numbers of the R packages qicharts2 and NHSRplotthedots, held against ours: ``make oracle CASES=FILE``."""
