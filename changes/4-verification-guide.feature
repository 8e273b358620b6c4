The guide docs/guides/verify.md tells strangers how to check a record with openssl alone; its commands are run by a test.
