using System.CommandLine;
using System.Text.Json;
using Appliance.Bmc;
using Appliance.Commands;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Commands;

[Trait("Category", "Slow")]
public sealed class SlotsCommandTests
{
    [Fact]
    public async Task Slots_are_listed_as_a_table()
    {
        await using var site = new TestSite();
        using var pki = new TempFolder();
        await StartAsync(site, pki);

        var (code, output, error) = await RunAsync(site, pki, "list");

        Assert.Equal((0, ""), (code, error));
        Assert.Equal(5, output.Length);
        Assert.Equal("SLOT  STATE        NAME              MODULE    UPTIME", output[0]);
        Assert.StartsWith("1     powered      router            cm4       00:00:", output[1], StringComparison.Ordinal);
        Assert.Equal("4     off          -                 -         -", output[4]);
    }

    [Fact]
    public async Task Slot_that_was_switched_is_shown_as_json()
    {
        await using var site = new TestSite();
        using var pki = new TempFolder();
        await StartAsync(site, pki);

        var (_, off, _) = await RunAsync(site, pki, "off", "1", "--format", "json");
        var (_, on, _) = await RunAsync(site, pki, "on", "1", "--format", "json");
        var (_, cycled, _) = await RunAsync(site, pki, "cycle", "1", "--down-time", "1", "--format", "json");
        var (_, restarted, _) = await RunAsync(site, pki, "restart", "1", "--format", "json");

        Assert.StartsWith("""{"number":1,"state":"off","name":"router","module":"cm4","uptime_seconds":null,"version":"","power":"off",""", off.Single(), StringComparison.Ordinal);
        Assert.All([on, cycled, restarted], lines => Assert.Equal("powered", State(lines.Single())));
    }

    [Fact]
    public async Task Refusal_of_the_role_is_one_line_and_exit_code_1()
    {
        await using var site = new TestSite();
        using var pki = new TempFolder();
        await StartAsync(site, pki);

        var (code, output, error) = await RunAsync(site, pki, "restart", "4");

        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Equal($"The call of the bmc role at {site.Address(Role.Bmc)} failed, FailedPrecondition: Slot 4 is not on, so it cannot be restarted; power it on.\n", error);
    }

    [Fact]
    public async Task Slots_are_brought_up_and_shut_down_step_by_step()
    {
        await using var site = new TestSite();
        using var pki = new TempFolder();
        await StartAsync(site, pki);

        var down = await RunAsync(site, pki, "down", "1", "--format", "json");
        var up = await RunAsync(site, pki, "up", "1");

        Assert.Equal((0, 0), (down.Code, up.Code));
        Assert.Contains("succeeded", down.Output[^1], StringComparison.Ordinal);
        Assert.Contains("slot 1  succeeded", up.Output[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recovery_is_shown_to_all_and_changed_by_an_admin()
    {
        await using var site = new TestSite();
        using var pki = new TempFolder();
        await StartAsync(site, pki);
        site.Authority.Issue(PeerIdentity.OfPerson(site.Authority.Site, PeerKind.Admin, "eve"), TimeSpan.FromDays(1), []).Write(pki.Path, "admin");

        var shown = await RunAsync(site, pki, "recovery");
        var refused = await RunAsync(site, pki, "recovery", "--reflash", "true");
        var changed = await RunAsync(site, pki, "recovery", "--reflash", "true", "--exclude", "4", "--as", "admin");
        var released = await RunAsync(site, pki, "release", "1");

        Assert.Equal("Recovery is on: 6 steps a slot and day, power cycle allowed, reflash not allowed, never slots -.", shown.Output[0]);
        Assert.Contains("PermissionDenied", refused.Error, StringComparison.Ordinal);
        Assert.Equal("Recovery is on: 6 steps a slot and day, power cycle allowed, reflash allowed, never slots 4.", changed.Output[0]);
        Assert.Equal(5, changed.Output.Length);
        Assert.Contains("FailedPrecondition", released.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_of_another_site_is_not_spoken_to()
    {
        await using var site = new TestSite();
        await using var other = new TestSite("other");
        using var pki = new TempFolder();
        await StartAsync(site, pki);
        using var strange = new TempFolder();
        Write(other, strange);

        var (code, _, error) = await RunAsync(site, strange, "off", "1");
        var (_, slots, _) = await RunAsync(site, pki, "list", "--format", "json");

        Assert.Equal(1, code);
        Assert.Contains("remote certificate was rejected", error, StringComparison.Ordinal);
        Assert.Equal("powered", State(slots[0]));
    }

    [Fact]
    public async Task Missing_certificate_is_told_by_its_path()
    {
        await using var site = new TestSite();
        using var pki = new TempFolder();

        var (code, _, error) = await RunAsync(site, pki, "list");

        Assert.Equal(1, code);
        Assert.Contains(pki.File("operator.crt"), error, StringComparison.Ordinal);
        Assert.EndsWith("Name their folder with --pki and the certificate with --as.\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on")]
    [InlineData("on", "one")]
    [InlineData("cycle", "1", "--down-time", "0.5")]
    [InlineData("cycle", "1", "--down-time", "NaN")]
    [InlineData("list", "--format", "xml")]
    [InlineData("list", "--server", "http://localhost:7446")]
    public void Wrong_usage_is_found_before_anything_is_asked(params string[] arguments)
    {
        var parsed = SlotsCommand.Create().Parse(arguments);

        Assert.NotEmpty(parsed.Errors);
    }

    private static async Task StartAsync(TestSite site, TempFolder pki)
    {
        Write(site, pki);
        await site.StartAsync(
            Role.Bmc,
            builder => builder.AddBmc(),
            app => app.MapBmc(),
            ("Bmc:Board:Simulate", "2.3.7"),
            ("Bmc:Slots:Slot1:Name", "router"),
            ("Bmc:Slots:Slot1:Module", "cm4"));
    }

    private static void Write(TestSite site, TempFolder pki)
    {
        site.Authority.Issue(PeerIdentity.OfPerson(site.Authority.Site, PeerKind.Operator, "alice"), TimeSpan.FromDays(1), []).Write(pki.Path, "operator");
        File.WriteAllText(pki.File("ca.crt"), site.Authority.CertificatePem);
    }

    private static async Task<(int Code, string[] Output, string Error)> RunAsync(TestSite site, TempFolder pki, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var parsed = SlotsCommand.Create().Parse([.. arguments, "--server", site.Address(Role.Bmc).ToString(), "--pki", pki.Path]);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, TestContext.Current.CancellationToken);
        return (code, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), error.ToString());
    }

    private static string? State(string line)
    {
        using var slot = JsonDocument.Parse(line);
        return slot.RootElement.GetProperty("state").GetString();
    }
}
