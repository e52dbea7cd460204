"""Decision tables where analysts work: between YAML, CSV, .xlsx and DMN, and back as they were."""
