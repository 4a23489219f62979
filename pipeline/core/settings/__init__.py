"""Groups of settings that `pipeline.core.config` puts together."""
