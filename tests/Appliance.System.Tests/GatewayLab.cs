using System.Diagnostics;
using System.Text.Json;
using Appliance.Tests.Shared;

namespace Appliance.SystemTests;

/// <summary>A gateway between two networks, each a network namespace of the test's own: a desk where the operator sits, and a hall with things in it.</summary>
internal sealed class GatewayLab : IAsyncDisposable
{
    public const string GatewayAddress = "10.71.10.1";
    public const string DeskAddress = "10.71.10.2";
    public const string HallGatewayAddress = "10.71.11.1";
    public const string HallAddress = "10.71.11.2";
    public const string HallStation = "02:00:5e:00:74:02";
    public const int Port = 7443;

    private const string Python = "/usr/bin/python3";
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly StateFolder _folder = new();
    private readonly string _name = NamespaceName.New();

    // As the kernel names the gateway's namespace, for example "net:[4026532201]".
    private string _space = "";

    private GatewayLab()
    {
    }

    /// <summary>The Router's own folder.</summary>
    public string RouterState => Path.Combine(_folder.Path, "router");

    private string Desk => $"{_name}-desk";

    private string Hall => $"{_name}-hall";

    private string Pki => Path.Combine(_folder.Path, "pki");

    /// <summary>Joins the three and makes the site's certificates.</summary>
    public static async Task<GatewayLab> LayAsync()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Network namespaces need root.");
        Assert.SkipUnless(Tool.Has("nsenter") && Tool.Has("nft") && Tool.Has("ip") && File.Exists(Python), "nsenter, nft, ip or python3 is missing; ./test installs them.");
        var lab = new GatewayLab();
        try
        {
            await lab.ConnectAsync();
            await lab.IssueAsync();
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the Router in the gateway; a second time, it finds what the first one left.</summary>
    public async Task<RunningAppliance> StartRouterAsync(object? network = null)
    {
        var configuration = Path.Combine(_folder.Path, "appliance.json");
        var router = new Dictionary<string, object> { ["Firewall"] = new { Enforce = "Kernel" } };
        if (network is not null)
        {
            router["Network"] = network;
        }

        await File.WriteAllTextAsync(configuration, JsonSerializer.Serialize(new { Node = new { Site = "home", Name = "gw", StateDirectory = _folder.Path }, Router = router }));
        var running = await RunningAppliance.StartRouterAsync($"/run/netns/{_name}", configuration, _folder.Path);
        try
        {
            await UntilAsync(() => KnockAsync(_name, "127.0.0.1", Port), knock => knock == "open");
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>A command of the operator at the desk, who reaches the gateway over the cable.</summary>
    public Task<Tool.Result> OperateAsync(params string[] command) => Tool.RunAsync(
        Patience, "nsenter", [$"--net=/run/netns/{Desk}", "dotnet", RunningAppliance.Executable, .. command, "--format", "json", "--server", $"https://{GatewayAddress}:{Port}", "--pki", Pki]);

    /// <summary>The same, which has to work; each line that it prints.</summary>
    public async Task<IReadOnlyList<JsonElement>> AskAsync(params string[] command)
    {
        var done = await OperateAsync(command);
        Assert.True(done.ExitCode == 0, $"{string.Join(' ', command)}: {done.All}");
        return [.. done.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>Makes a policy the candidate, in which the stations of one of the two networks manage the gateway, and those of the other are served by it.</summary>
    public Task ImportAsync(string managing) => ImportAsync(managing, new
    {
        zones = new[] { "desk", "hall" }.Select(zone => new { name = zone, interfaces = new[] { zone }, management = zone == managing, served = zone != managing }),
    });

    /// <summary>Makes that policy the candidate, by way of a file of that name.</summary>
    public async Task ImportAsync(string name, object policy)
    {
        var file = Path.Combine(_folder.Path, $"{name}.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(policy));
        await AskAsync("rules", "import", file);
    }

    /// <summary>Each nft that is at work in the gateway.</summary>
    public List<int> Programs()
    {
        var programs = Process.GetProcessesByName("nft");
        return [.. programs.Select(program => program.Id).Where(id => new FileInfo($"/proc/{id}/ns/net").LinkTarget == _space)];
    }

    /// <summary>Waits until an nft works in the gateway, or the command has ended that should have brought one there.</summary>
    public async Task ProgramAsync(Task command)
    {
        while (!command.IsCompleted && Programs().Count == 0)
        {
            await Task.Yield();
        }
    }

    /// <summary>A new connection from the desk to the gateway's port: "open"; "refused", where the gateway answers that nobody listens; or "silent".</summary>
    public Task<string> KnockAsync() => KnockAsync(Desk, GatewayAddress, Port);

    public Task<string> KnockFromHallAsync(int port) => KnockAsync(Hall, DeskAddress, port);

    /// <summary>What the kernel of the gateway holds, without the counts and without who is protected: people are from when they call.</summary>
    public async Task<string> ListingAsync()
    {
        var listed = await InAsync(_name, "nft", "--stateless", "list", "table", "inet", "appliance");
        Assert.True(listed.ExitCode == 0, listed.All);
        return WithoutProtected(listed.Output);
    }

    /// <summary>A program of the test's own in the hall, or at the desk.</summary>
    public LineProcess StartInHall(params string[] command) => LineProcess.Start(["nsenter", $"--net=/run/netns/{Hall}", .. command]);

    public LineProcess StartAtDesk(params string[] command) => LineProcess.Start(["nsenter", $"--net=/run/netns/{Desk}", .. command]);

    public Task<Tool.Result> InHallAsync(params string[] command) => InAsync(Hall, command);

    /// <summary>Everybody who still runs in the gateway.</summary>
    public async Task<string> ProcessesAsync() => (await Tool.RunAsync(Short, "ip", "netns", "pids", _name)).Output;

    /// <summary>Actor, action, subject and reason of each entry of the Router's audit log.</summary>
    public async Task<string> AuditAsync()
    {
        var script = $"import sqlite3; [print(*row, sep=' | ') for row in sqlite3.connect('file:{RouterState}/audit.db?mode=ro', uri=True).execute('SELECT actor, action, subject, reason FROM audit ORDER BY sequence')]";
        var read = await Tool.RunAsync(Short, Python, "-c", script);
        Assert.True(read.ExitCode == 0, read.All);
        return read.Output;
    }

    /// <summary>Asks until it is so; the last answer is told when that never comes.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> isSo)
    {
        var end = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            var answer = await ask();
            if (isSo(answer))
            {
                return answer;
            }

            Assert.True(TimeProvider.System.GetUtcNow() < end, $"Never so within {Patience.TotalSeconds} s; the last answer: {answer}");
            await Task.Delay(Look, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in (string[])[_name, Desk, Hall])
        {
            // What a failed test left running in it keeps a namespace alive.
            foreach (var process in (await Tool.RunAsync(Short, "ip", "netns", "pids", name)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                _ = RunningAppliance.Kill(int.Parse(process, System.Globalization.CultureInfo.InvariantCulture), RunningAppliance.SigKill);
            }

            await Tool.RunAsync(Short, "ip", "netns", "del", name);
        }

        _folder.Dispose();
    }

    private static Task<Tool.Result> InAsync(string space, params string[] command) => Tool.RunAsync(Short, "nsenter", [$"--net=/run/netns/{space}", .. command]);

    // Two seconds: a SYN that is dropped is sent again after one (RFC 6298), and that one would get through if only the first had been lost.
    private static async Task<string> KnockAsync(string space, string address, int port)
    {
        var script = $"""
            import socket
            try:
                socket.create_connection(('{address}', {port}), 2).close()
                print('open')
            except ConnectionRefusedError:
                print('refused')
            except TimeoutError:
                print('silent')
            """;
        var done = await InAsync(space, Python, "-c", script);
        Assert.True(done.ExitCode == 0, done.All);
        return done.Output.Trim();
    }

    private async Task ConnectAsync()
    {
        foreach (var name in (string[])[_name, Desk, Hall])
        {
            await IpAsync("netns", "add", name);
            await IpAsync("-n", name, "link", "set", "lo", "up");
        }

        await JoinAsync("desk", Desk, 10, "02:00:5e:00:74:01");
        await JoinAsync("hall", Hall, 11, HallStation);
        _space = (await InAsync(_name, "readlink", "/proc/self/ns/net")).Output.Trim();
        var forwarding = await InAsync(_name, "sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
        Assert.True(forwarding.ExitCode == 0, forwarding.All);
    }

    private async Task JoinAsync(string device, string end, int network, string station)
    {
        await IpAsync("-n", _name, "link", "add", device, "type", "veth", "peer", "name", "eth0", "address", station, "netns", end);
        await IpAsync("-n", _name, "address", "add", $"10.71.{network}.1/24", "dev", device);
        await IpAsync("-n", _name, "link", "set", device, "up");
        await IpAsync("-n", end, "address", "add", $"10.71.{network}.2/24", "dev", "eth0");
        await IpAsync("-n", end, "link", "set", "eth0", "up");
        await IpAsync("-n", end, "route", "add", "default", "via", $"10.71.{network}.1");
    }

    private async Task IssueAsync()
    {
        foreach (var command in (string[][])[
            ["init", Pki, "--site", "home"],
            ["issue", Pki, "--kind", "node", "--name", "gw", "--role", "router", "--out", Path.Combine(RouterState, "pki"), "--host", GatewayAddress],
            ["issue", Pki, "--kind", "operator", "--name", "operator"],
        ])
        {
            var done = await Tool.RunAsync(Patience, "dotnet", [RunningAppliance.Executable, "pki", .. command]);
            Assert.True(done.ExitCode == 0, done.All);
        }
    }

    private static string WithoutProtected(string listing)
    {
        var isProtected = false;
        return string.Concat(listing.Split('\n').Where(line =>
        {
            isProtected = line.StartsWith("\tset ", StringComparison.Ordinal) ? line.Contains("protected", StringComparison.Ordinal) : isProtected && line != "\t}";
            return !isProtected;
        }).Select(line => line + '\n'));
    }

    private static async Task IpAsync(params string[] arguments)
    {
        var done = await Tool.RunAsync(Short, "ip", arguments);
        Assert.True(done.ExitCode == 0, $"ip {string.Join(' ', arguments)}: {done.All}");
    }
}
