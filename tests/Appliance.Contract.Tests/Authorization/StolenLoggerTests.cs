using System.Security.Cryptography.X509Certificates;
using Appliance.Contract.Tests.Calls;
using Appliance.Hosting;
using Appliance.Hosting.Authorization;
using Appliance.Hosting.Identity;
using Appliance.Protos.Rules.V1;
using Appliance.Protos.Site.V1;
using Appliance.Router.Site;
using Appliance.Tests.Shared;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Appliance.Contract.Tests.Authorization;

/// <summary>What somebody can do who has the Logger's certificate and key, on the real roles.</summary>
[Trait("Category", "Slow")]
public sealed class StolenLoggerTests : IAsyncDisposable
{
    private const string Account = "olga";
    private const string Password = "correct-horse-battery";

    private readonly TestSite _site = new();

    private static IReadOnlyList<MethodDescriptor> Changes { get; } =
    [
        // SignIn changes nothing of the site's without a password, and is what the Logger is for. RenewCertificate gives the Logger another
        // certificate for what it is already, until an admin revokes all that it has.
        .. ContractMethods.All.Where(method => MethodTable.Changes(ContractMethods.NameOf(method)) && method.Name is not ("SignIn" or "RenewCertificate")),
    ];

    [Fact]
    public async Task Certificate_and_key_alone_can_change_nothing()
    {
        await StartAsync();

        var done = await AnswersAsync(_site.Node(Role.Logger), metadata: null);

        Assert.True(Changes.Count > 30);
        Assert.All(done, answer => Assert.Equal((answer.Method, StatusCode.PermissionDenied), answer));
    }

    [Fact]
    public async Task Token_of_another_certificate_can_change_nothing()
    {
        await StartAsync();
        var token = await SignInAsync(_site.Node(Role.Logger));

        await RefusesAllAsync(_site.Node(Role.Logger), token);
    }

    [Fact]
    public async Task Signed_out_token_can_change_nothing_at_the_router()
    {
        await StartAsync();
        var logger = _site.Node(Role.Logger);
        var token = await SignInAsync(logger);
        await Sessions(logger).SignOutAsync(new SignOutRequest(), SessionMetadata.Of(token), cancellationToken: TestContext.Current.CancellationToken);

        var done = await AnswersAsync(logger, token, Role.Router);

        Assert.All(done, answer => Assert.Equal((answer.Method, StatusCode.Unauthenticated), answer));
    }

    [Fact]
    public async Task Nonsense_for_a_token_can_change_nothing()
    {
        await StartAsync();

        await RefusesAllAsync(_site.Node(Role.Logger), "nonsense");
    }

    [Fact]
    public async Task Password_and_certificate_together_act_with_the_operators_right_and_no_other()
    {
        await StartAsync();
        var logger = _site.Node(Role.Logger);
        var token = await SignInAsync(logger);
        var person = PeerIdentity.OfPerson("home", PeerKind.Operator, Account);

        var done = await AnswersAsync(logger, token);
        var block = await new RuleService.RuleServiceClient(_site.Channel(Role.Router, logger)).CreateBlockAsync(
            new CreateBlockRequest { Address = ByteString.CopyFrom(198, 51, 100, 7), Action = Block.Types.Action.Drop },
            SessionMetadata.Of(await SignInAsync(logger)),
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.All(done, answer => Assert.Equal((answer.Method, MethodTable.Allows(answer.Method, person)), (answer.Method, answer.Status is not (StatusCode.PermissionDenied or StatusCode.Unauthenticated))));
        Assert.Equal($"{person} via spiffe://home/node/node1/logger", block.Block.Creator);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private async Task RefusesAllAsync(X509Certificate2 caller, string token)
    {
        var done = await AnswersAsync(caller, token);

        Assert.All(done, answer => Assert.Equal((answer.Method, StatusCode.Unauthenticated), answer));
    }

    private async Task<(string Method, StatusCode Status)[]> AnswersAsync(X509Certificate2 caller, string? metadata, Role? only = null)
    {
        var token = metadata is null ? null : SessionMetadata.Of(metadata);
        var calls = Changes
            // Signing the session out would end it for the calls beside it.
            .Where(method => method.Name != "SignOut" || token is null)
            .SelectMany(method => ContractMethods.Owners(method).Where(role => only is null || role == only).Select(role => (method, role)));
        var invokers = Enum.GetValues<Role>().ToDictionary(role => role, role => _site.Channel(role, caller).CreateCallInvoker());
        var answers = new List<(string, StatusCode)>();
        foreach (var (method, role) in calls)
        {
            var status = await EmptyCall.StatusAsync(invokers[role], method, token, TestContext.Current.CancellationToken);
            answers.Add((ContractMethods.NameOf(method), status));
        }

        return [.. answers];
    }

    private SessionService.SessionServiceClient Sessions(X509Certificate2 caller) => new(_site.Channel(Role.Router, caller));

    private async Task<string> SignInAsync(X509Certificate2 logger) => (await Sessions(logger).SignInAsync(
        new SignInRequest { Account = Account, Password = Password }, cancellationToken: TestContext.Current.CancellationToken)).Token;

    private async Task StartAsync()
    {
        using (var accounts = AccountStore.Open(Path.Combine(_site.State, "router"), TimeProvider.System))
        {
            accounts.Add(Account, PeerKind.Operator, Password);
        }

        await RealRoles.StartAsync(_site);
    }
}
