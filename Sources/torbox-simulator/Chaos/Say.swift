import Foundation

/// Prints a line at once, also into a file or a pipe: a long run shows how far it is.
func say(_ text: String) {
    print(text)
    fflush(nil)
}
