/// Leaves the handling of a call with the answer that says why.
struct Refusal: Error {
    var answer: Answer

    init(_ answer: Answer) { self.answer = answer }
}
