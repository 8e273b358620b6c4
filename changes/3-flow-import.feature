A BPMN file changed elsewhere is brought back: what would change is told in words first, or every reason why not; hostile XML is refused.
