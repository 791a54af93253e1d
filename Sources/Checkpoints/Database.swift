import CSQLite

/// What SQLite answers instead of doing what it was told.
struct DatabaseFailure: Error {
  /// Primary result code (SQLITE_BUSY, ...).
  var code: Int32
  var text: String
}

/// One SQLite file, used by one thread at a time.
final class Database {
  private var handle: OpaquePointer?

  /// - Parameter create: makes the file where there is none
  init(_ path: String, create: Bool) throws(DatabaseFailure) {
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0)
    let code = sqlite3_open_v2(path, &handle, flags, nil)
    guard code == SQLITE_OK else {
      let failure = failure(code)
      close()
      throw failure
    }
    sqlite3_extended_result_codes(handle, 0)
  }

  deinit { close() }

  func close() {
    sqlite3_close_v2(handle)
    handle = nil
  }

  /// One value of a row.
  enum Value {
    case integer(Int)
    case text(String)
    case numbers([Double])
  }

  /// Runs one statement; `row` gets a reader for every row of the answer.
  func run(
    _ sql: String, _ values: [Value] = [], row: (Row) -> Void = { _ in }
  ) throws(DatabaseFailure) {
    var statement: OpaquePointer?
    try check(sqlite3_prepare_v2(handle, sql, -1, &statement, nil))
    defer { sqlite3_finalize(statement) }
    for (index, value) in values.enumerated() {
      try check(Self.bind(value, to: statement, at: Int32(index + 1)))
    }
    while true {
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { throw failure(code) }
      row(Row(statement: statement))
    }
  }

  /// Runs `body`, of which all is kept or none, as part of a transaction that stays open until `commit`.
  func together(_ body: () throws(DatabaseFailure) -> Void) throws(DatabaseFailure) {
    if !isPending { try run("BEGIN IMMEDIATE") }
    try run("SAVEPOINT part")
    do throws(DatabaseFailure) {
      try body()
      try run("RELEASE part")
    } catch {
      try? run("ROLLBACK TO part")
      try? run("RELEASE part")
      throw error
    }
  }

  private var isPending: Bool { handle != nil && sqlite3_get_autocommit(handle) == 0 }

  /// Synchronises with the disk what `together` did.
  func commit() throws(DatabaseFailure) {
    guard isPending else { return }
    do throws(DatabaseFailure) { try run("COMMIT") } catch {
      try? rollback()
      throw error
    }
  }

  /// Takes back what was not committed.
  func rollback() throws(DatabaseFailure) {
    if isPending { try run("ROLLBACK") }
  }

  /// Whether the file has another name now, or none.
  func hasMoved() -> Bool {
    var moved: Int32 = 0
    return sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0
  }

  private static func bind(_ value: Value, to statement: OpaquePointer?, at index: Int32) -> Int32 {
    switch value {
    case .integer(let number): sqlite3_bind_int64(statement, index, Int64(number))
    case .text(let text): sqlite3_bind_text(statement, index, text, -1, csqlite_transient())
    case .numbers(let numbers):
      numbers.withUnsafeBytes { bytes in
        bytes.baseAddress == nil
          ? sqlite3_bind_zeroblob(statement, index, 0)
          : sqlite3_bind_blob64(
            statement, index, bytes.baseAddress, UInt64(bytes.count), csqlite_transient())
      }
    }
  }

  private func check(_ code: Int32) throws(DatabaseFailure) {
    if code != SQLITE_OK { throw failure(code) }
  }

  private func failure(_ code: Int32) -> DatabaseFailure {
    DatabaseFailure(
      code: code & 0xff, text: handle.map { String(cString: sqlite3_errmsg($0)) } ?? "no memory")
  }
}

/// The row at which a statement stands.
struct Row {
  fileprivate let statement: OpaquePointer?

  func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }

  func text(_ column: Int32) -> String {
    sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
  }

  /// nil where the column does not hold whole doubles.
  func numbers(_ column: Int32) -> [Double]? {
    let count = Int(sqlite3_column_bytes(statement, column))
    guard count % 8 == 0, count == 0 || sqlite3_column_type(statement, column) == SQLITE_BLOB else {
      return nil
    }
    guard let bytes = sqlite3_column_blob(statement, column) else { return [] }
    return [Double](unsafeUninitializedCapacity: count / 8) { buffer, filled in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(
        from: UnsafeRawBufferPointer(start: bytes, count: count))
      filled = count / 8
    }
  }
}
