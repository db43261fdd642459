/// Patterns for SQL's `LIKE` with the escape character `\`.
enum LikePattern {
    /// Matches what has the text in it, ASCII letters in any case.
    static func containing(_ text: String) -> String {
        let escaped = text.map { #"%_\"#.contains($0) ? #"\\#($0)"# : String($0) }.joined()
        return "%\(escaped)%"
    }
}
