using System.Text.Json;
using Appliance.Tests.Shared;

namespace Appliance.SystemTests;

/// <summary>The README's main command, as a newcomer types it.</summary>
[Collection("the machine's ports")]
public sealed class ReplayTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task The_recorded_attacks_are_answered_and_told()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Enforcing in a namespace needs root.");

        var run = await Tool.RunAsync(Deadline, Path.Combine(Checkout.Root, "run"), "--exit-after-replay", "--speed", "4");

        Assert.True(run.ExitCode == 0, run.Error);
        var summary = JsonDocument.Parse(run.Output.TrimEnd().Split('\n')[^1]).RootElement;
        var alerts = summary.GetProperty("alerts").EnumerateArray().ToArray();
        Assert.Contains(alerts, alert => Is(alert, "scan", "blocked"));
        Assert.Contains(alerts, alert => Is(alert, "brute-force", "blocked"));
        Assert.Contains(alerts, alert => Is(alert, "flood", "rate-limited"));
        Assert.All(alerts, alert => Assert.True(alert.GetProperty("mqtt").GetBoolean(), $"{alert}\n{run.Error}"));
        Assert.True(summary.GetProperty("packets").GetInt64() > 1000);
    }

    [Fact]
    public async Task Nothing_is_left_behind_after_the_replay()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Enforcing in a namespace needs root.");

        var run = await Tool.RunAsync(Deadline, Path.Combine(Checkout.Root, "run"), "--exit-after-replay", "--speed", "20");

        Assert.True(run.ExitCode == 0, run.Error);
        var namespaces = await Tool.RunAsync(TimeSpan.FromSeconds(10), "ip", "netns", "list");
        Assert.DoesNotContain("appliance", namespaces.Output, StringComparison.Ordinal);
        Assert.All(Ports.All, port => Assert.False(Ports.IsOpen(port), $"port {port} is still open"));
    }

    [Fact]
    public async Task Another_capture_is_played_when_it_is_named()
    {
        // 1212 packets, one scan and nothing else: see traffic/MANIFEST.tsv.
        var capture = Path.Combine(Checkout.Traffic, "scan-syn-nmap.pcap");

        var run = await Tool.RunAsync(Deadline, Path.Combine(Checkout.Root, "run"), "--replay", capture, "--exit-after-replay", "--speed", "10");

        Assert.True(run.ExitCode == 0, run.Error);
        var summary = JsonDocument.Parse(run.Output.TrimEnd().Split('\n')[^1]).RootElement;
        Assert.Equal(1212, summary.GetProperty("packets").GetInt64());
        var alert = Assert.Single(summary.GetProperty("alerts").EnumerateArray());
        Assert.Equal(("scan", "192.168.77.27"), (alert.GetProperty("category").GetString(), alert.GetProperty("source").GetString()));
        Assert.True(alert.GetProperty("mqtt").GetBoolean());
    }

    [Theory]
    [InlineData("scan-syn-nmap.pcap", 1212, "scan", "192.168.77.27")]
    [InlineData("brute-ssh-hydra.pcapng", 1427, "brute-force", "192.168.77.26")]
    public async Task At_full_speed_nothing_is_missed(string name, long packets, string category, string source)
    {
        var run = await Tool.RunAsync(Deadline, Path.Combine(Checkout.Root, "run"), "--replay", Path.Combine(Checkout.Traffic, name), "--exit-after-replay", "--speed", "0");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains($"Playing {name} as fast as possible, once.", run.Error, StringComparison.Ordinal);
        var summary = JsonDocument.Parse(run.Output.TrimEnd().Split('\n')[^1]).RootElement;
        Assert.Equal(packets, summary.GetProperty("packets").GetInt64());
        Assert.Contains(summary.GetProperty("alerts").EnumerateArray(), alert =>
            alert.GetProperty("category").GetString() == category && alert.GetProperty("source").GetString() == source && alert.GetProperty("mqtt").GetBoolean());
    }

    [Fact]
    public async Task Capture_that_is_not_there_is_one_line_and_exit_code_1()
    {
        var run = await Tool.RunAsync(Deadline, Path.Combine(Checkout.Root, "run"), "--replay", "/none.pcap", "--exit-after-replay");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.EndsWith("/none.pcap is not there; name a capture that is, or leave --replay away for the bundled one.\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_it_also_when_a_script_started_it_in_the_background()
    {
        // Without job control a shell starts background programs with SIGINT ignored.
        const string Script = """
            setsid ./run >/dev/null 2>"$0" & run=$!
            until grep -q 'Ready\.' "$0"; do kill -0 $run || exit 99; sleep 0.2; done
            kill -INT -- -$run
            wait $run
            """;
        var log = Path.GetTempFileName();

        var shell = await Tool.RunAsync(Deadline, "bash", "-c", $"cd '{Checkout.Root}'\n{Script}", log);

        Assert.True(shell.ExitCode == 0, $"exit code {shell.ExitCode}: {await File.ReadAllTextAsync(log)}");
        Assert.All(Ports.All, port => Assert.False(Ports.IsOpen(port), $"port {port} is still open"));
        File.Delete(log);
    }

    private static bool Is(JsonElement alert, string category, string response)
        => alert.GetProperty("category").GetString() == category && alert.GetProperty("response").GetString() == response;
}
