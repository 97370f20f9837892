using System.CommandLine;
using System.Text.Json;
using Appliance.Commands;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Router;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Commands;

/// <summary>`appliance devices` at a Router that has been shown a recording.</summary>
[Trait("Category", "Slow")]
public sealed class DevicesCommandTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_device_is_named_quarantined_and_approved()
    {
        await StartAsync();
        var id = Text((await ListedAsync())[0], "id");

        var (code, named, _) = await RunAsync("operator", "name", id, "hall camera", "--format", "json");
        var (_, quarantined, _) = await RunAsync("operator", "quarantine", "hall camera", "--reason", "unknown visitor", "--format", "json");
        var (_, listed, _) = await RunAsync("operator", "list", "--state", "quarantined", "--format", "json");
        var (_, approved, _) = await RunAsync("operator", "approve", id.ToUpperInvariant(), "--format", "json");

        Assert.Equal((0, "hall camera"), (code, Text(named.Single(), "name")));
        Assert.Equal((id, "quarantined"), (Text(quarantined.Single(), "id"), Text(quarantined.Single(), "state")));
        Assert.Equal(id, Text(listed.Single(), "id"));
        Assert.Equal("approved", Text(approved.Single(), "state"));
    }

    [Fact]
    public async Task A_device_gets_a_policy_and_a_schedule_and_loses_it()
    {
        await StartAsync();
        var id = Text((await ListedAsync())[0], "id");

        var (code, limited, error) = await RunAsync("operator", "policy", id, "lan-only", "--format", "json");
        var (_, scheduled, _) = await RunAsync("operator", "schedule", id, "mon,sun/07:30-21:00", "22:00-23:00", "--format", "json");
        var (_, shown, _) = await RunAsync("reader", "show", id);
        var (_, freed, _) = await RunAsync("operator", "schedule", id, "--format", "json");
        var wrong = await RunAsync("operator", "schedule", id, "noon");

        Assert.True(code == 0, error);
        Assert.Equal("lan-only", Text(limited.Single(), "policy"));
        Assert.Contains("\"allowed_times\":[\"mon,sun/07:30-21:00\",\"22:00-23:00\"]", scheduled.Single(), StringComparison.Ordinal);
        Assert.Contains("Allowed       mon,sun/07:30-21:00, 22:00-23:00", shown);
        Assert.Contains("\"allowed_times\":[]", freed.Single(), StringComparison.Ordinal);
        Assert.Equal(1, wrong.Code);
        Assert.Contains("'noon' is no part of the day", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_are_a_table_for_people_and_one_is_told_at_length()
    {
        await StartAsync();
        var id = Text((await ListedAsync())[0], "id");

        var (_, table, _) = await RunAsync("reader", "list");
        var (code, shown, _) = await RunAsync("reader", "show", id);

        Assert.Equal(0, code);
        Assert.StartsWith("DEVICE             STATE        NAME ", table[0], StringComparison.Ordinal);
        Assert.Contains(table, row => row.StartsWith($"{id}  new  ", StringComparison.Ordinal));
        Assert.StartsWith($"Device        {id}", shown[0], StringComparison.Ordinal);
        Assert.Contains(shown, line => line.StartsWith("Because ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refusals_are_one_line_and_exit_code_1()
    {
        await StartAsync();
        var id = Text((await ListedAsync())[0], "id");

        var reader = await RunAsync("reader", "block", id);
        var unknown = await RunAsync("operator", "block", "nobody\u001b[2J");
        var control = await RunAsync("operator", "name", id, "two\nlines");

        Assert.All([reader, unknown, control], result => Assert.Equal((1, 0, 1), (result.Code, result.Output.Length, result.Error.Count(letter => letter == '\n'))));
        Assert.Contains("PermissionDenied", reader.Error, StringComparison.Ordinal);
        Assert.Contains("0 devices are called 'nobody?[2J'", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("InvalidArgument", control.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("name", "02:00:00:00:00:01")]
    [InlineData("list", "--state", "lost")]
    [InlineData("policy", "02:00:00:00:00:01", "moon-only")]
    public void Wrong_usage_is_found_before_anything_is_asked(params string[] arguments)
    {
        var parsed = DevicesCommand.Create().Parse(arguments);

        Assert.NotEmpty(parsed.Errors);
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
        foreach (var kind in (PeerKind[])[PeerKind.Operator, PeerKind.Reader])
        {
            _site.Authority.Issue(PeerIdentity.OfPerson(_site.Authority.Site, kind, "alice"), TimeSpan.FromDays(1), []).Write(_folder.Path, kind.ToString().ToLowerInvariant());
        }

        await File.WriteAllTextAsync(_folder.File("ca.crt"), _site.Authority.CertificatePem, TestContext.Current.CancellationToken);
        await _site.StartAsync(
            Role.Router,
            builder => builder.AddRouter(),
            app => app.MapRouter(),
            ("Router:Capture:File", Path.Combine(Checkout.Traffic, "benign-boot.pcapng")),
            ("Router:Capture:Speed", "0"),
            ("Router:Firewall:Enforce", "rendered"));
    }

    // The Router learns while it plays; asked again until it has seen somebody.
    private async Task<string[]> ListedAsync()
    {
        while (true)
        {
            var (code, lines, error) = await RunAsync("reader", "list", "--format", "json");
            Assert.True(code == 0, error);
            if (lines.Length > 0)
            {
                return lines;
            }
        }
    }

    private async Task<(int Code, string[] Output, string Error)> RunAsync(string person, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var parsed = DevicesCommand.Create().Parse([.. arguments, "--server", _site.Address(Role.Router).ToString(), "--pki", _folder.Path, "--as", person]);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, TestContext.Current.CancellationToken);
        return (code, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), error.ToString());
    }
}
