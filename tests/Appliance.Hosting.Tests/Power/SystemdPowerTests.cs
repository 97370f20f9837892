using Appliance.Hosting.Errors;
using Appliance.Hosting.Power;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Hosting.Tests.Power;

public sealed class SystemdPowerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("reboot")]
    [InlineData("poweroff")]
    public async Task Order_goes_to_systemctl_without_waiting_and_without_asking_anybody(string verb)
    {
        var power = Power($"echo \"$@\" > {_folder.File("asked")}");

        await OrderAsync(power, verb);

        Assert.Equal($"--no-ask-password --no-wall --no-block {verb}\n", await File.ReadAllTextAsync(_folder.File("asked"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Refusal_of_systemd_is_told_in_its_own_words()
    {
        var power = Power("echo 'Call to Reboot failed: Interactive authentication required.' >&2; exit 1");

        var error = await Assert.ThrowsAsync<BusyException>(() => OrderAsync(power, "reboot"));

        Assert.Equal("NOT_PERMITTED", error.Reason);
        Assert.Equal("systemd does not reboot this node: Call to Reboot failed: Interactive authentication required.", error.Message);
    }

    [Fact]
    public async Task Node_that_may_not_starts_no_program()
    {
        var power = new SystemdPower(allowed: false, Script($"touch {_folder.File("asked")}"), _folder.File("."), TimeProvider.System);

        var error = await Assert.ThrowsAsync<BusyException>(() => OrderAsync(power, "reboot"));

        Assert.Contains("Node:Power:Machine", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("asked")));
    }

    [Fact]
    public async Task Machine_without_systemd_starts_no_program()
    {
        var power = new SystemdPower(allowed: true, Script($"touch {_folder.File("asked")}"), _folder.File("none"), TimeProvider.System);

        await Assert.ThrowsAsync<BusyException>(() => OrderAsync(power, "reboot"));

        Assert.False(File.Exists(_folder.File("asked")));
    }

    [Fact]
    public async Task Program_that_is_not_there_is_a_refusal()
    {
        var power = new SystemdPower(allowed: true, _folder.File("systemctl"), _folder.File("."), TimeProvider.System);

        await Assert.ThrowsAsync<BusyException>(() => OrderAsync(power, "reboot"));
    }

    [Fact]
    public async Task Program_that_hangs_is_ended_and_nobody_says_that_the_node_stops()
    {
        var clock = new FakeTimeProvider();
        var power = new SystemdPower(allowed: true, Script($"echo $$ > {_folder.File("pid")}; mv {_folder.File("pid")} {_folder.File("child")}; exec sleep 600"), _folder.File("."), clock);
        var order = OrderAsync(power, "reboot");
        while (!File.Exists(_folder.File("child")))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        clock.Advance(TimeSpan.FromSeconds(10));

        await Assert.ThrowsAsync<UnreachableException>(() => order);
        var child = (await File.ReadAllTextAsync(_folder.File("child"), TestContext.Current.CancellationToken)).Trim();
        // A killed process is gone a moment after the signal was sent.
        Assert.True(await IsGoneAsync(child));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<bool> IsGoneAsync(string process)
    {
        var end = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(30);
        while (TimeProvider.System.GetUtcNow() < end)
        {
            try
            {
                if (!(await File.ReadAllTextAsync($"/proc/{process}/cmdline", TestContext.Current.CancellationToken)).StartsWith("sleep", StringComparison.Ordinal))
                {
                    return true;
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        return false;
    }

    private static Task OrderAsync(SystemdPower power, string verb) => verb == "reboot"
        ? power.RebootAsync(TestContext.Current.CancellationToken)
        : power.ShutdownAsync(TestContext.Current.CancellationToken);

    private SystemdPower Power(string script) => new(allowed: true, Script(script), _folder.File("."), TimeProvider.System);

    private string Script(string text)
    {
        var path = _folder.File("systemctl");
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
