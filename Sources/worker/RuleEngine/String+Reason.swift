extension String {
    /// The text as it may stand in a reason: quoted, and cut at 40 characters.
    var shownInReason: String {
        count > 40 ? "\"\(prefix(40))...\"" : "\"\(self)\""
    }
}
