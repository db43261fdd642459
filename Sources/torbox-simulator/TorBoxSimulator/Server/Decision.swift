/// What becomes of a call: its answer, and how that is delivered.
struct Decision: Sendable {
    var answer: Answer
    var faults: CallFaults
}
