/// All routes that workers serve.
enum RouteTable {
    static let all: [Route] =
        KeyRoutes.all + RuleRoutes.all + ArchiveRoutes.all + TagRoutes.all + ViewRoutes.all + LinkHistoryRoutes.all
        + ParkedRoutes.all + ProtectionRoutes.all + EventRoutes.all + ActivityRoutes.all + UploadRoutes.all
}
