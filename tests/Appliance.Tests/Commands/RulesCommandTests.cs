using System.CommandLine;
using System.Text.Json;
using Appliance.Commands;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Router;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Commands;

/// <summary>`appliance rules` and `appliance blocks` at a Router that renders its rules.</summary>
[Trait("Category", "Slow")]
public sealed class RulesCommandTests : IAsyncDisposable
{
    private const string House = """
        {
          "zones": [
            {"name": "lan", "interfaces": ["eth1"], "management": true},
            {"name": "wan", "interfaces": ["eth0"], "outside": true}
          ],
          "zoneDefaults": [{"sourceZone": "lan", "destinationZone": "wan", "action": "ACTION_ACCEPT"}],
          "rules": [{"id": "no-telnet", "name": "no telnet", "order": 10, "match": {"destinationPorts": [{"first": 23}]}, "action": "ACTION_DROP"}]
        }
        """;

    private readonly TestSite _site = new();
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_policy_is_imported_checked_applied_and_confirmed_by_one_command_after_the_other()
    {
        await StartAsync();
        await File.WriteAllTextAsync(_folder.File("house.json"), House, TestContext.Current.CancellationToken);

        var imported = await RulesAsync("import", _folder.File("house.json"));
        var check = await RulesAsync("check");
        var applied = await RulesAsync("apply", "--reason", "first", "--format", "json");
        var history = await RulesAsync("history", "--format", "json");

        Assert.Equal((0, "1 rules and 2 zones are the candidate now; 'appliance rules apply' brings them into force."), (imported.Code, imported.Output.Single()));
        Assert.StartsWith("The candidate would be taken; it ", check.Output[0], StringComparison.Ordinal);
        Assert.Equal((0, ""), (applied.Code, applied.Error));
        Assert.Equal(("STATE_ACTIVE", "first"), (Text(applied.Output.Single(), "state"), Text(applied.Output.Single(), "reason")));
        Assert.Equal(["STATE_ACTIVE", "STATE_SUPERSEDED"], history.Output.Select(line => Text(line, "state")));
    }

    [Fact]
    public async Task An_export_is_what_was_imported()
    {
        await StartAsync();
        await File.WriteAllTextAsync(_folder.File("house.json"), House, TestContext.Current.CancellationToken);
        await RulesAsync("import", _folder.File("house.json"));

        var first = await RulesAsync("export", _folder.File("first.json"));
        await RulesAsync("import", _folder.File("first.json"));
        await RulesAsync("export", _folder.File("second.json"));

        Assert.Equal((0, $"1 rules and 2 zones are in {_folder.File("first.json")}."), (first.Code, first.Output.Single()));
        Assert.Equal(await File.ReadAllTextAsync(_folder.File("first.json"), TestContext.Current.CancellationToken), await File.ReadAllTextAsync(_folder.File("second.json"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_confirmation_can_be_left_out_and_given_later_or_the_ruleset_taken_back()
    {
        await StartAsync();
        var left = await RulesAsync("apply", "--no-confirm", "--format", "json");
        var id = Text(left.Output.Single(), "id");

        var second = await RulesAsync("apply");
        var confirmed = await RulesAsync("confirm", id);
        var again = await RulesAsync("apply", "--no-confirm", "--confirm-within", "600", "--format", "json");
        var back = await RulesAsync("rollback", "--reason", "no good", "--format", "json");
        var history = await RulesAsync("history", "--limit", "1", "--format", "json");

        Assert.Contains($"unless 'appliance rules confirm {id}' comes before.", left.Error, StringComparison.Ordinal);
        Assert.Equal(1, second.Code);
        Assert.Contains("awaits its confirmation", second.Error, StringComparison.Ordinal);
        Assert.StartsWith($"{id}  active ", confirmed.Output[1], StringComparison.Ordinal);
        Assert.Equal((id, "STATE_ACTIVE"), (Text(back.Output.Single(), "id"), Text(back.Output.Single(), "state")));
        Assert.Equal((Text(again.Output.Single(), "id"), "STATE_REVERTED"), (Text(history.Output.Single(), "id"), Text(history.Output.Single(), "state")));
    }

    [Fact]
    public async Task Rules_are_a_table_for_people_and_one_is_told_at_length()
    {
        await StartAsync();
        await File.WriteAllTextAsync(_folder.File("house.json"), House, TestContext.Current.CancellationToken);
        await RulesAsync("import", _folder.File("house.json"));

        var list = await RulesAsync("list");
        var shown = await RulesAsync("show", "no telnet");

        Assert.StartsWith("ORDER    ACTION      RULE ", list.Output[0], StringComparison.Ordinal);
        Assert.Equal("10       drop        no-telnet                         no telnet                     { \"destination_ports\": [ { \"first\": 23 } ] }", list.Output[^1]);
        Assert.Equal("Rule     no-telnet", shown.Output[0]);
    }

    [Fact]
    public async Task Refusals_are_one_line_and_exit_code_1()
    {
        await StartAsync();
        await File.WriteAllTextAsync(_folder.File("broken.json"), """{"zones": [{"nam": "lan"}]}""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.File("wrong.json"), """{"zones": [{"name": "LAN"}]}""", TestContext.Current.CancellationToken);

        var missing = await RulesAsync("import", _folder.File("none.json"));
        var broken = await RulesAsync("import", _folder.File("broken.json"));
        var wrong = await RulesAsync("import", _folder.File("wrong.json"));
        var unknown = await RulesAsync("show", "nothing");
        var address = await BlocksAsync("add", "nobody");

        Assert.All([missing, broken, wrong, unknown, address], result => Assert.Equal((1, 0, 1), (result.Code, result.Output.Length, result.Error.Count(letter => letter == '\n'))));
        Assert.Contains("none.json can't be read", missing.Error, StringComparison.Ordinal);
        Assert.Contains("broken.json is no policy", broken.Error, StringComparison.Ordinal);
        Assert.Contains("policy.zones[0].name: is 'LAN'", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("nobody would reach the gateway any more", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blocks_are_added_listed_and_removed()
    {
        await StartAsync();

        var added = await BlocksAsync("add", "203.0.113.7", "--duration", "600", "--reason", "scans", "--format", "json");
        await BlocksAsync("add", "02:00:5e:00:53:01", "--action", "quarantine");
        var listed = await BlocksAsync("list");
        var removed = await BlocksAsync("remove", "203.0.113.7");
        await BlocksAsync("remove", "02:00:5E:00:53:01");
        var empty = await BlocksAsync("list", "--format", "json");

        Assert.Equal(("drop", "203.0.113.7", "scans"), (Text(added.Output.Single(), "action"), Text(added.Output.Single(), "target"), Text(added.Output.Single(), "reason")));
        Assert.Contains(listed.Output, row => row.Contains("  quarantine  02:00:5e:00:53:01 ", StringComparison.Ordinal));
        Assert.Equal((0, 0), (removed.Code, empty.Output.Length));
    }

    [Theory]
    [InlineData("apply", "--confirm-within", "9")]
    [InlineData("confirm")]
    [InlineData("import")]
    public void Wrong_usage_is_found_before_anything_is_asked(params string[] arguments)
    {
        Assert.NotEmpty(RulesCommand.Create().Parse(arguments).Errors);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _folder.Dispose();
    }

    private static string Text(string line, string property)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty(property).GetString()!;
    }

    private async Task StartAsync()
    {
        _site.Authority.Issue(PeerIdentity.OfPerson(_site.Authority.Site, PeerKind.Operator, "alice"), TimeSpan.FromDays(1), []).Write(_folder.Path, "operator");
        await File.WriteAllTextAsync(_folder.File("ca.crt"), _site.Authority.CertificatePem, TestContext.Current.CancellationToken);
        await _site.StartAsync(Role.Router, builder => builder.AddRouter(), app => app.MapRouter(), ("Router:Firewall:Enforce", "rendered"));
    }

    private Task<(int Code, string[] Output, string Error)> RulesAsync(params string[] arguments) => RunAsync(RulesCommand.Create(), arguments);

    private Task<(int Code, string[] Output, string Error)> BlocksAsync(params string[] arguments) => RunAsync(BlocksCommand.Create(), arguments);

    private async Task<(int Code, string[] Output, string Error)> RunAsync(Command command, string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var parsed = command.Parse([.. arguments, "--server", _site.Address(Role.Router).ToString(), "--pki", _folder.Path, "--as", "operator"]);
        Assert.Empty(parsed.Errors);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, TestContext.Current.CancellationToken);
        return (code, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), error.ToString());
    }
}
