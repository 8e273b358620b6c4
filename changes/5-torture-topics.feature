The torture test also proves that the topic stores followed every fact, once.
