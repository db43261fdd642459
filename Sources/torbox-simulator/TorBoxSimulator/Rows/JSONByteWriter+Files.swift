/// The nested parts of a row.
extension JSONByteWriter {
    mutating func magnet(_ hash: String) {
        raw("\"magnet:?xt=urn:btih:")
        raw(hash)
        raw("\"")
    }

    /// The files of a row, in equal shares of its size, with ids from 0 as TorBox counts them.
    mutating func files(of item: SimulatedItem) {
        raw("[")
        let share = item.fileCount > 0 ? item.size / item.fileCount : 0
        for index in 0..<max(item.fileCount, 0) {
            if index > 0 { raw(",") }
            let isLast = index == item.fileCount - 1
            file(index, of: item, size: isLast ? item.size - share * index : share)
        }
        raw("]")
    }

    private mutating func file(_ index: Int, of item: SimulatedItem, size: Int) {
        raw("{\"id\":")
        int(index)
        raw(",\"md5\":null,\"hash\":")
        string(item.hash)
        raw(",\"name\":\"")
        path(index, of: item)
        raw("\",\"size\":")
        int(size)
        raw(",\"zipped\":false,\"s3_path\":\"")
        raw(item.hash)
        raw("/")
        path(index, of: item)
        raw("\",\"infected\":false,\"mimetype\":\"video/x-matroska\",\"short_name\":\"")
        shortName(index, of: item)
        raw("\",\"absolute_path\":\"/downloads/")
        raw(item.hash)
        raw("/")
        path(index, of: item)
        raw("\",\"opensubtitles_hash\":null}")
    }

    private mutating func path(_ index: Int, of item: SimulatedItem) {
        part(item.name)
        raw("/")
        shortName(index, of: item)
    }

    private mutating func shortName(_ index: Int, of item: SimulatedItem) {
        if item.fileCount == 1 {
            part(item.name)
        } else {
            raw("part-")
            int(index)
        }
        raw(".mkv")
    }
}
