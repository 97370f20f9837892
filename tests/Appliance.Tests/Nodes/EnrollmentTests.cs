using System.Globalization;
using Appliance.Hosting;
using Appliance.Hosting.Clients;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Health;
using Appliance.Protos.Node.V1;
using Appliance.Protos.Site.V1;
using Appliance.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Appliance.Tests.Nodes;

/// <summary>A whole site from its node files: first boot, enrollment at the real router, and the roles from the configuration that first boot wrote.</summary>
public sealed class EnrollmentTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly Dictionary<Role, NodeImage> _images = [];
    private readonly Dictionary<Role, int> _ports = Enum.GetValues<Role>().ToDictionary(role => role, _ => FreePorts.Take());
    private readonly int _door = FreePorts.Take();

    [Fact]
    public async Task All_four_roles_start_enroll_and_find_each_other()
    {
        var token = TestContext.Current.CancellationToken;
        foreach (var role in Enum.GetValues<Role>())
        {
            Boot(role);
        }

        // The router has the authority and needs nobody.
        Assert.Equal(0, Request(Role.Router));
        await using var router = await StartAsync(Role.Router, token);
        _images[Role.Router].Run("pki", "issue", _images[Role.Router].Pki, "--kind", "admin", "--name", "ada");
        var asking = new[] { Role.Logger, Role.Detector, Role.Bmc }.Select(role => Task.Run(() => Request(role), token)).ToArray();
        using var admin = PersonChannel.Open(_images[Role.Router].Pki, "ada", new Uri($"https://localhost:{_ports[Role.Router]}"), Role.Router);
        await ApproveAsync(new EnrollmentService.EnrollmentServiceClient(admin.Calls), 3, token);
        var codes = await Task.WhenAll(asking).WaitAsync(Patience, token);
        Assert.All(codes, code => Assert.Equal(0, code));
        await using var logger = await StartAsync(Role.Logger, token);
        await using var detector = await StartAsync(Role.Detector, token);
        await using var bmc = await StartAsync(Role.Bmc, token);

        // Each follows what the router revokes, by the certificate that it was given.
        foreach (var hosts in new[] { (logger, Role.Logger), (detector, Role.Detector), (bmc, Role.Bmc) })
        {
            await UntilAsync(hosts.Item1.Services(hosts.Item2).GetRequiredService<HealthBoard>(), "revocations", token);
        }

        // A revoked node is refused by the others within a moment.
        Assert.Equal(0, AsAdmin("revoke", "spiffe://home/node/n-bmc/bmc", "--reason", "stolen"));
        await UntilAsync(bmc.Services(Role.Bmc).GetRequiredService<HealthBoard>(), "revocations", token, PartState.Degraded);

        // And a rotated certificate is taken without a restart.
        using var person = PersonChannel.Open(_images[Role.Router].Pki, "ada", new Uri($"https://localhost:{_ports[Role.Detector]}"), Role.Detector);
        var rotated = await new NodeService.NodeServiceClient(person.Calls).RotateCertificateAsync(new RotateCertificateRequest(), cancellationToken: token);
        using var fresh = PersonChannel.Open(_images[Role.Router].Pki, "ada", new Uri($"https://localhost:{_ports[Role.Detector]}"), Role.Detector);
        var node = await new NodeService.NodeServiceClient(fresh.Calls).GetNodeAsync(new GetNodeRequest(), cancellationToken: token);
        Assert.Equal(rotated.ExpireTime, node.Node.CertificateExpireTime);
        Assert.Equal(0, AsAdmin("requests"));
        Assert.Contains("n-detector        detector  approved  127.0.0.1", _images[Role.Router].Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("pki approve", _images[Role.Detector].Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_node_takes_two_roles_each_with_its_own_key_and_certificate()
    {
        var token = TestContext.Current.CancellationToken;
        Boot(Role.Router);
        Boot(Role.Logger, Role.Bmc);
        Assert.Equal(0, Request(Role.Router));
        await using var router = await StartAsync(Role.Router, token);
        _images[Role.Router].Run("pki", "issue", _images[Role.Router].Pki, "--kind", "admin", "--name", "ada");

        var asking = Task.Run(() => Request(Role.Logger), token);
        using var admin = PersonChannel.Open(_images[Role.Router].Pki, "ada", new Uri($"https://localhost:{_ports[Role.Router]}"), Role.Router);
        await ApproveAsync(new EnrollmentService.EnrollmentServiceClient(admin.Calls), 2, token);
        Assert.Equal(0, await asking.WaitAsync(Patience, token));
        await using var logger = await StartAsync(Role.Logger, token);
        await using var bmc = await StartAsync(Role.Bmc, token, from: Role.Logger);
        await UntilAsync(logger.Services(Role.Logger).GetRequiredService<HealthBoard>(), "revocations", token);
        await UntilAsync(bmc.Services(Role.Bmc).GetRequiredService<HealthBoard>(), "revocations", token);

        var state = _images[Role.Logger].State;
        Assert.NotEqual(File.ReadAllText(Path.Combine(state, "logger/pki/node.key")), File.ReadAllText(Path.Combine(state, "bmc/pki/node.key")));
        Assert.Equal(["ca.crt", "node.crt"], Directory.EnumerateFiles(Path.Combine(state, "pki")).Select(Path.GetFileName).Order());
        Assert.Equal(["ca.crt", "node.crt"], Directory.EnumerateFiles(Path.Combine(state, "pki/bmc")).Select(Path.GetFileName).Order());
        var said = _images[Role.Logger].Output.ToString().Split('\n').Select(EnrollmentLine.Find).OfType<EnrollmentLine>().ToList();
        Assert.Equal(
            [(Role.Bmc, EnrollmentLineState.Waits), (Role.Bmc, EnrollmentLineState.Certified), (Role.Logger, EnrollmentLineState.Waits), (Role.Logger, EnrollmentLineState.Certified)],
            said.Select(line => (line.Role, line.State)).OrderBy(line => line.Role.Word()).ThenBy(line => line.State));
    }

    public void Dispose()
    {
        foreach (var image in _images.Values)
        {
            image.Dispose();
        }

        _folder.Dispose();
    }

    private void Boot(Role role, params Role[] further)
    {
        var image = _images[role] = new NodeImage(_folder, role.Word());
        string[] router = role == Role.Router ? [] : ["--router", "localhost"];
        image.Lay($"n-{role.Word()}", role.Word(), [.. router, .. further.SelectMany(other => new[] { "--role", other.Word() }), .. further.Prepend(role).SelectMany(Settings).Distinct().SelectMany(setting => new[] { "--set", setting })]);
        Assert.True(image.FirstBoot() == 0, image.Error.ToString());
    }

    // Ports of this machine, and nothing of its kernel or power.
    private IEnumerable<string> Settings(Role role) =>
    [
        .. _ports.Select(port => $"Peers:{port.Key}=https://localhost:{port.Value.ToString(CultureInfo.InvariantCulture)}"),
        $"Node:Ports:{role}={_ports[role]}",
        $"Node:MetricsPorts:{role}=0",
        $"Node:EnrollmentPort={_door}",
        "Node:ListenAddress=127.0.0.1",
        "Node:Power:Machine=none",
        "Router:Firewall:Enforce=rendered",
        "Logger:Dashboard:Enabled=false",
        "Logger:Mqtt:Port=0",
        "Logger:Mqtt:ListenAddress=127.0.0.1",
        "Bmc:Board:Simulate=2.3.7",
    ];

    private int Request(Role role) => _images[role].Run("pki", "request", "--node-file", Path.Combine(_images[role].State, "node.json"), "--port", $"{_door}");

    private async Task<RoleHosts> StartAsync(Role role, CancellationToken token, Role? from = null)
    {
        var hosts = new RoleHosts(sources => sources.UseOnly(Path.Combine(_images[from ?? role].State, "config/appliance.json")), LogLevel.None);
        await hosts.StartAsync(role, token);
        return hosts;
    }

    private int AsAdmin(params string[] arguments) =>
        _images[Role.Router].Run(["pki", .. arguments, "--server", $"https://localhost:{_ports[Role.Router]}", "--pki", _images[Role.Router].Pki, "--as", "ada"]);

    private async Task ApproveAsync(EnrollmentService.EnrollmentServiceClient client, int count, CancellationToken token)
    {
        var approved = new HashSet<string>(StringComparer.Ordinal);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (approved.Count < count && await timer.WaitForNextTickAsync(token))
        {
            foreach (var request in (await client.ListRequestsAsync(new ListRequestsRequest(), cancellationToken: token)).Requests.Where(request => approved.Add(request.Id)))
            {
                Assert.Equal(0, await Task.Run(() => AsAdmin("approve", request.Id), token));
            }
        }
    }

    private static async Task UntilAsync(HealthBoard board, string part, CancellationToken token, PartState state = PartState.Healthy)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(Patience);
        await foreach (var health in board.WatchAsync(limit.Token))
        {
            if (health.Part == part && health.State == state)
            {
                return;
            }
        }
    }
}
