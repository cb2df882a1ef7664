"""The register of papers: number, date and signature come from outside; the signed scan is kept with its hash."""
