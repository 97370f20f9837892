using Appliance.Hosting;
using Appliance.Tests.Shared;
using Microsoft.Data.Sqlite;

namespace Appliance.Tests.Commands;

[Trait("Category", "Slow")]
public sealed class AuditCommandTests : IAsyncDisposable
{
    private readonly TestSite _site = new();

    private string FilePath => Path.Combine(_site.State, "bmc", "audit.db");

    [Fact]
    public async Task Chain_in_order_ends_with_zero_while_the_role_runs()
    {
        await _site.StartAsync(Role.Bmc, _ => { }, _ => { });

        var table = await ApplianceProgram.RunAsync("audit", "verify", FilePath);
        var json = await ApplianceProgram.RunAsync("audit", "verify", FilePath, "--format", "json");

        Assert.Equal((0, 0), (table.ExitCode, json.ExitCode));
        Assert.Contains("1 entries, none changed", table.Output, StringComparison.Ordinal);
        Assert.Matches("\"entries\":1,\"last_hash\":\"[0-9a-f]{64}\"", json.Output);
    }

    [Fact]
    public async Task Changed_entry_ends_with_one_and_is_named()
    {
        await _site.StartAsync(Role.Bmc, _ => { }, _ => { });
        using (var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DROP TRIGGER audit_is_not_changed; UPDATE audit SET actor = 'mallory'";
            command.ExecuteNonQuery();
        }

        var result = await ApplianceProgram.RunAsync("audit", "verify", FilePath);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("entry 1 of ", result.Error, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();
}
