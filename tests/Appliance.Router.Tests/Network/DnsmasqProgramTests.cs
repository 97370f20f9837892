using System.Diagnostics;
using System.Globalization;
using Appliance.Router.Network;
using Appliance.Router.Tests.Nftables;

namespace Appliance.Router.Tests.Network;

/// <summary>That dnsmasq never outlives its Router.</summary>
public sealed class DnsmasqProgramTests
{
    [Fact]
    public async Task Kernel_ends_dnsmasq_with_a_parent_that_is_killed()
    {
        await using var lab = new NetworkLab();
        lab.Client.Ip("address", "add", "10.72.1.2/24", "dev", "eth0");
        lab.Program.Write();
        using var parent = Command.Start("/bin/sh", ["-c", "\"$@\" & echo $!; wait", "sh", .. lab.Program.Command]);
        var child = int.Parse((await parent.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, CultureInfo.InvariantCulture);
        await NameAnswer.AskAsync(lab.Client, NetworkSettings.Gateway, "x.home.arpa");
        var before = ChildRecord.Of(child);

        parent.Kill();

        await NetworkRunTests.UntilAsync(() => Task.FromResult(ChildRecord.Of(child) is null));
        Assert.NotNull(before);
    }

    [Fact]
    public async Task Child_outlives_the_thread_that_asked_for_it()
    {
        await using var lab = new NetworkLab();
        lab.Client.Ip("address", "add", "10.72.1.2/24", "dev", "eth0");
        lab.Program.Write();
        Task<DnsmasqProcess>? starting = null;
        var thread = new Thread(() => starting = lab.Program.StartAsync(_ => { }));
        thread.Start();
        thread.Join();

        var process = await starting!;
        await process.Serves.WaitAsync(TestContext.Current.CancellationToken);
        var answer = await NameAnswer.AskAsync(lab.Client, NetworkSettings.Gateway, "x.home.arpa");
        var runs = !process.Exited.IsCompleted;
        await lab.Program.StopAsync(process);

        Assert.Equal(NameAnswer.NoSuchName, answer.Code);
        Assert.True(runs);
        Assert.True(process.Exited.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task One_that_was_left_is_ended_before_the_next_begins()
    {
        await using var lab = new NetworkLab();
        lab.Program.Write();
        using var left = Command.Start("/bin/sleep", "1000");
        await File.WriteAllTextAsync(lab.ChildPath, ChildRecord.Of(left.Id)!.Value.ToString(), TestContext.Current.CancellationToken);

        var isEnded = await lab.Program.EndLeftoverAsync(TestContext.Current.CancellationToken);

        Assert.True(isEnded);
        Assert.True(left.WaitForExit(60_000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Process_that_has_the_number_now_is_left_alone(int ticks)
    {
        await using var lab = new NetworkLab();
        lab.Program.Write();
        using var other = Command.Start("/bin/sleep", "1000");
        var record = ChildRecord.Of(other.Id)!.Value;
        await File.WriteAllTextAsync(lab.ChildPath, (record with { StartTicks = record.StartTicks + ticks }).ToString(), TestContext.Current.CancellationToken);

        var isEnded = await lab.Program.EndLeftoverAsync(TestContext.Current.CancellationToken);
        var runs = !other.HasExited;
        other.Kill();

        Assert.False(isEnded);
        Assert.True(runs);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1 2")]
    [InlineData("-5 2")]
    [InlineData("5\n")]
    [InlineData("99999999999 2")]
    public void Record_that_is_none_names_nobody(string text)
    {
        Assert.Null(ChildRecord.Parse(text));
    }

    [Fact]
    public async Task Settings_that_dnsmasq_refuses_are_told_in_its_words()
    {
        var options = NetworkSettings.One();
        options.Domain = "lan\nno-such-option";
        await using var lab = new NetworkLab(options);
        lab.Program.Write();

        var refusal = await lab.Program.TestAsync(TestContext.Current.CancellationToken);

        Assert.Contains("bad option at line ", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root:x:0:0::/:/bin/sh\nnobody:x:65534:65533::/:/\ndnsmasq:x:999:998::/:/", "dnsmasq 999 998")]
    [InlineData("root:x:0:0::/:/bin/sh\nnobody:x:65534:65533::/:/\n", "nobody 65534 65533")]
    [InlineData("root:x:0:0::/:/bin/sh\nnobody:x:y:z::/:/\n", " 0 0")]
    public void User_of_dnsmasq_is_its_own_or_nobody(string users, string expected)
    {
        var account = ServiceAccount.Find(users).GetValueOrDefault();

        Assert.Equal(expected, $"{account.Name} {account.User} {account.Group}");
    }
}
