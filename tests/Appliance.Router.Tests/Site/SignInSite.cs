using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting;
using Appliance.Hosting.Audit;
using Appliance.Hosting.Identity;
using Appliance.Protos.Site.V1;
using Appliance.Router.Site;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Tests.Site;

/// <summary>A router that only signs people in, with a test's clock, and a Logger's certificate to ask it with.</summary>
internal sealed class SignInSite : IAsyncDisposable
{
    public const string Password = "correct-horse-battery";

    private readonly TestSite _site = new();

    private SignInSite()
    {
    }

    public PauseClock Clock { get; } = new();

    public IServiceProvider Services { get; private set; } = null!;

    public AccountStore Accounts => Services.GetRequiredService<AccountStore>();

    public string Folder => Path.Combine(_site.State, "router");

    public X509Certificate2 Logger { get; private set; } = null!;

    public static async Task<SignInSite> StartAsync(params (string Key, string? Value)[] settings)
    {
        var site = new SignInSite();
        var app = await site._site.StartAsync(
            Role.Router,
            builder => builder.Services.AddSingleton<TimeProvider>(site.Clock).AddSite(),
            app =>
            {
                app.MapRoleService<SessionGrpcService>();
                app.MapRoleService<AccountGrpcService>();
            },
            settings);
        site.Services = app.Services;
        site.Logger = site._site.Node(Role.Logger);
        site.Accounts.Add("olga", PeerKind.Operator, Password);
        return site;
    }

    public SessionService.SessionServiceClient Client(X509Certificate2? certificate = null) => new(_site.Channel(Role.Router, certificate ?? Logger));

    public AccountService.AccountServiceClient AccountClient(X509Certificate2 certificate) => new(_site.Channel(Role.Router, certificate));

    public X509Certificate2 Person(PeerKind kind) => _site.Person(kind);

    public async Task<SignInResponse> SignInAsync(string account = "olga", string password = Password, string source = "192.168.1.20") =>
        await Client().SignInAsync(new SignInRequest { Account = account, Password = password, Source = source }, cancellationToken: TestContext.Current.CancellationToken);

    public async Task<RpcException> RefusedAsync(string account = "olga", string password = Password, string source = "192.168.1.20") =>
        await Assert.ThrowsAsync<RpcException>(() => SignInAsync(account, password, source));

    /// <summary>The entries of the router's audit log.</summary>
    public IReadOnlyList<AuditEntry> Audited()
    {
        using var connection = AuditTable.OpenToRead(Path.Combine(Folder, AuditFile.FileName));
        return [.. AuditTable.ReadAll(connection)];
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();
}
