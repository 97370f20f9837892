using Appliance.Hosting.Authorization;
using Appliance.Hosting.Identity;
using Appliance.Protos.Site.V1;
using Google.Rpc;
using Grpc.Core;

namespace Appliance.Router.Tests.Site;

[Trait("Category", "Slow")]
public sealed class AccountGrpcServiceTests
{
    private const string Password = "a-horse-with-no-name";

    [Fact]
    public async Task Account_that_an_admin_makes_signs_in_with_its_right()
    {
        await using var site = await SignInSite.StartAsync();

        var made = await site.AccountClient(site.Person(PeerKind.Admin)).CreateAccountAsync(new CreateAccountRequest { Account = "rita", Kind = "reader", Password = Password });
        var signedIn = await site.SignInAsync("rita", Password);

        Assert.Equal(("rita", "reader"), (made.Account.Name, made.Account.Kind));
        Assert.Equal("reader", signedIn.Session.Kind);
    }

    [Fact]
    public async Task Account_is_changed_listed_and_deleted_and_each_change_ends_its_sessions()
    {
        await using var site = await SignInSite.StartAsync();
        var client = site.AccountClient(site.Person(PeerKind.Admin));
        await site.SignInAsync();

        await client.UpdateAccountAsync(new UpdateAccountRequest { Account = "olga", Kind = "admin" });
        var left = (await site.Client(site.Person(PeerKind.Reader)).ListSessionsAsync(new ListSessionsRequest())).Sessions;
        await client.UpdateAccountAsync(new UpdateAccountRequest { Account = "olga", Password = Password });
        var signedIn = await site.SignInAsync("olga", Password);
        var listed = (await site.AccountClient(site.Person(PeerKind.Reader)).ListAccountsAsync(new ListAccountsRequest())).Accounts;
        await client.DeleteAccountAsync(new DeleteAccountRequest { Account = "olga" });
        var after = (await client.ListAccountsAsync(new ListAccountsRequest())).Accounts;

        Assert.Empty(left);
        Assert.Equal("admin", signedIn.Session.Kind);
        Assert.Equal(["olga admin"], listed.Select(account => $"{account.Name} {account.Kind}"));
        Assert.Empty(after);
    }

    [Theory]
    [InlineData(PeerKind.Reader)]
    [InlineData(PeerKind.Operator)]
    public async Task Nobody_but_an_admin_makes_accounts(PeerKind kind)
    {
        await using var site = await SignInSite.StartAsync();

        var error = await RefusedAsync(site.AccountClient(site.Person(kind)), new CreateAccountRequest { Account = "rita", Kind = "reader", Password = Password });

        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
    }

    // Whoever takes the Logger over has its sessions for an hour; an account would be there for good.
    [Fact]
    public async Task Session_of_an_admin_makes_no_account()
    {
        await using var site = await SignInSite.StartAsync();
        site.Accounts.Change("olga", PeerKind.Admin, password: null);
        var token = (await site.SignInAsync()).Token;

        var error = await Assert.ThrowsAsync<RpcException>(async () => await site.AccountClient(site.Logger).CreateAccountAsync(
            new CreateAccountRequest { Account = "rita", Kind = "admin", Password = Password }, SessionMetadata.Of(token)));

        Assert.Equal((StatusCode.FailedPrecondition, "ACCOUNT_BY_SESSION"), (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason));
        Assert.Single(site.Accounts.All);
    }

    [Theory]
    [InlineData("rita", "reader", "short", "password")]
    [InlineData("rita", "king", Password, "kind")]
    [InlineData("rita", "subscriber", Password, "kind")]
    [InlineData("Rita!", "reader", Password, "name")]
    public async Task Form_that_is_wrong_is_told_by_field(string account, string kind, string password, string field)
    {
        await using var site = await SignInSite.StartAsync();

        var error = await RefusedAsync(site.AccountClient(site.Person(PeerKind.Admin)), new CreateAccountRequest { Account = account, Kind = kind, Password = password });

        Assert.Equal((StatusCode.InvalidArgument, field), (error.StatusCode, error.GetRpcStatus()!.GetDetail<BadRequest>().FieldViolations.Single().Field));
    }

    [Fact]
    public async Task Changes_are_in_the_audit_log_without_the_password()
    {
        await using var site = await SignInSite.StartAsync();

        await site.AccountClient(site.Person(PeerKind.Admin)).CreateAccountAsync(new CreateAccountRequest { Account = "rita", Kind = "reader", Password = Password });

        var entry = Assert.Single(site.Audited(), entry => entry.Action == "CreateAccount");
        Assert.Equal(("account=rita", true), (entry.Subject, entry.Allowed));
        Assert.DoesNotContain(Password, $"{entry}", StringComparison.Ordinal);
    }

    private static async Task<RpcException> RefusedAsync(AccountService.AccountServiceClient client, CreateAccountRequest request) =>
        await Assert.ThrowsAsync<RpcException>(async () => await client.CreateAccountAsync(request));
}
