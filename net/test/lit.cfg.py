# Servers that use flux/net, on every model, each beside a client in Python that starts and stops it.
import os

lit_config.load_config(config, os.path.join(os.path.dirname(__file__), "..", "..", "runtime", "test", "conformance", "lit.cfg.py"))
config.test_source_root = os.path.dirname(__file__)
