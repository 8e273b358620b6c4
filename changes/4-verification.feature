Anybody verifies a licence or a letter at /verify/ by code, number or identifier, by API, and without network: an offline page, one saved file, or tongban verify.
