"""Release manifests: what a release says that it is made of, and what git says of that."""
