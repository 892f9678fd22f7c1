"""What rules have to do with frameworks by others: standards, laws, guides. A reading of them, not a judgement."""
