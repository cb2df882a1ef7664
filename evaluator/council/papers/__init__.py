"""The papers of a council's result: submission letter, decision, notices, certificates; their numbers and signatures."""
