package import DomainModel

/// How many rows of one list had a usable value for each field; what a change of TorBox's format shows up in.
package struct FieldCensus: Sendable, Equatable {
    private var counts = [Int](repeating: 0, count: ItemField.allCases.count)

    package init() {}

    /// Counts one more row for the field of that raw value.
    mutating func count(at place: Int) { counts[place] += 1 }

    /// Rows in which the field was there, not null, and of a type that it can be read from.
    package subscript(field: ItemField) -> Int {
        get { counts[Int(field.rawValue)] }
        set { counts[Int(field.rawValue)] = newValue }
    }
}
