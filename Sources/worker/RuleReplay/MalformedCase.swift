/// A line that is JSON but no case.
struct MalformedCase: Error {
    /// `rule is missing`.
    let problem: String
}
