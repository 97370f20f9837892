namespace Appliance.Router.Rules;

/// <summary>Protected addresses that operators made, on disk.</summary>
internal sealed class ProtectedTable(RuleDatabase database)
{
    public IReadOnlyList<ProtectedAddress> Read() => database.Run(command => command
        .With("SELECT id, network, reason FROM protected ORDER BY id")
        .ReadAll(row => (Id: row.GetString(0), IsKnown: TargetRange.TryParse(row.GetString(1), out var range), Range: range, Reason: row.GetString(2)))
        .Where(row => row.IsKnown)
        .Select(row => new ProtectedAddress(row.Id, row.Range, row.Reason, IsBuiltIn: false))
        .ToList());

    public void Save(ProtectedAddress address) => database.Run(command => command
        .With(
            "INSERT OR IGNORE INTO protected (id, network, reason) VALUES (@id, @network, @reason)",
            ("@id", address.Id),
            ("@network", address.Range.ToString()),
            ("@reason", address.Reason))
        .ExecuteNonQuery());

    public void Delete(string id) => database.Run(command => command
        .With("DELETE FROM protected WHERE id = @id", ("@id", id))
        .ExecuteNonQuery());
}
