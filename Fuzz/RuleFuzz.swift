import RuleReplay

/// Any bytes are a case or malformed: goes through the JSON reader, the rule's validator, compiler and evaluator.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzRule(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    _ = EvaluateCommand.run(line: Array(UnsafeBufferPointer(start: start, count: count)), number: 1)
    return 0
}
