"""What was proven, in the forms of other standards: in-toto Statements and CycloneDX ML-BOMs. Pure."""
