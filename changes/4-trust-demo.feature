The demo city has a certificate service of its own: keys of every deciding department, one certificate applied for and issued, one application waiting.
