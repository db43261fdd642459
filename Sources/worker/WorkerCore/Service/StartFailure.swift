import Registry
import ServiceSupport
import Storage

/// Why a worker cannot start, with the exit code that tells the supervisor whether another try makes sense.
struct StartFailure: Error, CustomStringConvertible {
    var exitCode: Int32
    var description: String

    init(_ exitCode: Int32, _ description: String) {
        self.exitCode = exitCode
        self.description = description
    }

    /// Trouble that only a human can mend is a matter of configuration; a busy or full disk may pass.
    init(_ error: any Error) {
        switch error {
        case let failure as StartFailure: self = failure
        case let error as StorageError:
            let passes = error.isTransient || error.code == .diskFull
            self.init(passes ? ExitCode.temporary : ExitCode.configuration, "\(error)")
        case let error as KeyCipherError: self.init(ExitCode.configuration, "\(error)")
        case let error as InvalidConfiguration: self.init(ExitCode.configuration, "\(error)")
        case let error as SlotLockError:
            self.init(error.isHeldElsewhere ? ExitCode.temporary : ExitCode.configuration, "\(error)")
        default: self.init(ExitCode.temporary, "\(error)")
        }
    }
}
