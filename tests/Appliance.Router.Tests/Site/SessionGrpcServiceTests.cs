using Appliance.Hosting.Authorization;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Listeners;
using Appliance.Protos.Site.V1;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Tests.Site;

[Trait("Category", "Slow")]
public sealed class SessionGrpcServiceTests
{
    [Fact]
    public async Task Right_password_gives_a_session_of_an_hour_with_the_accounts_right()
    {
        await using var site = await SignInSite.StartAsync();

        var answer = await site.SignInAsync();

        Assert.Equal(("olga", "operator", "spiffe://home/node/node1/logger"), (answer.Session.Account, answer.Session.Kind, answer.Session.Node));
        Assert.Equal(TimeSpan.FromHours(1), (answer.Session.ExpireTime - answer.Session.StartTime).ToTimeSpan());
        Assert.Equal(3, answer.Token.Split('.').Length);
    }

    [Theory]
    [InlineData("olga", "correct-horse-batterz")]
    [InlineData("nobody", SignInSite.Password)]
    [InlineData("No Name at all", SignInSite.Password)]
    public async Task Wrong_name_and_wrong_password_are_answered_alike(string account, string password)
    {
        await using var site = await SignInSite.StartAsync();

        var error = await site.RefusedAsync(account, password);

        Assert.Equal((StatusCode.Unauthenticated, "Name and password do not belong together."), (error.StatusCode, error.Status.Detail));
    }

    [Theory]
    [InlineData("", SignInSite.Password, "", "account")]
    [InlineData("olga", "", "", "password")]
    [InlineData("olga", SignInSite.Password, "the moon", "source")]
    public async Task Form_that_is_wrong_is_told_by_field(string account, string password, string source, string field)
    {
        await using var site = await SignInSite.StartAsync();

        var error = await site.RefusedAsync(account, password, source);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(field, error.GetRpcStatus()!.GetDetail<BadRequest>().FieldViolations.Single().Field);
    }

    [Fact]
    public async Task Endless_password_is_refused_unhashed()
    {
        await using var site = await SignInSite.StartAsync();

        var error = await site.RefusedAsync(password: new string('x', 257));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task Source_that_failed_five_times_is_told_when_to_come_back()
    {
        await using var site = await SignInSite.StartAsync();
        for (var tries = 0; tries < 5; tries++)
        {
            await site.RefusedAsync(password: "wrong");
        }

        var early = await site.RefusedAsync();
        site.Clock.Advance(TimeSpan.FromSeconds(2));
        var late = site.SignInAsync();
        await site.Clock.Paused.WaitAsync();
        site.Clock.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal(StatusCode.ResourceExhausted, early.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), early.GetRpcStatus()!.GetDetail<RetryInfo>().RetryDelay.ToTimeSpan());
        Assert.Equal("olga", (await late).Session.Account);
    }

    [Fact]
    public async Task Guessing_a_name_that_nobody_has_is_slowed_down_too()
    {
        await using var site = await SignInSite.StartAsync();
        for (var tries = 0; tries < 5; tries++)
        {
            await site.RefusedAsync(account: "nobody", source: $"198.51.100.{tries}");
        }

        var sixth = site.RefusedAsync(account: "nobody", source: "198.51.100.99");
        await site.Clock.Paused.WaitAsync();
        site.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(StatusCode.Unauthenticated, (await sixth).StatusCode);
    }

    [Fact]
    public async Task Only_the_Logger_signs_people_in()
    {
        await using var site = await SignInSite.StartAsync();
        var client = site.Client(site.Person(PeerKind.Admin));

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.SignInAsync(new SignInRequest { Account = "olga", Password = SignInSite.Password }));

        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
    }

    [Fact]
    public async Task Signed_out_token_is_refused_though_it_has_not_expired()
    {
        await using var site = await SignInSite.StartAsync();
        var token = SessionMetadata.Of((await site.SignInAsync()).Token);
        await site.Client().SignOutAsync(new SignOutRequest(), token);

        var error = await Assert.ThrowsAsync<RpcException>(async () => await site.Client().ListSessionsAsync(new ListSessionsRequest(), token));

        Assert.Equal((StatusCode.Unauthenticated, "SESSION_ENDED"), (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason));
    }

    [Fact]
    public async Task Token_is_refused_when_its_hour_is_over()
    {
        await using var site = await SignInSite.StartAsync();
        var token = SessionMetadata.Of((await site.SignInAsync()).Token);

        site.Clock.Advance(TimeSpan.FromHours(1));
        var error = await Assert.ThrowsAsync<RpcException>(async () => await site.Client().ListSessionsAsync(new ListSessionsRequest(), token));

        Assert.Equal((StatusCode.Unauthenticated, "SESSION_EXPIRED"), (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason));
    }

    [Fact]
    public async Task Where_somebody_signed_in_from_counts_as_a_persons_address_while_his_session_goes_on()
    {
        await using var site = await SignInSite.StartAsync();
        var people = site.Services.GetRequiredService<PeopleAddresses>();
        await site.RefusedAsync(password: "wrong-horse-battery", source: "192.168.1.66");
        await site.SignInAsync(source: "192.168.1.20");
        var isAnnounced = people.Arrivals.TryRead(out _);

        site.Clock.Advance(TimeSpan.FromMinutes(59));
        var during = people.Current;
        site.Accounts.Remove("olga");

        Assert.True(isAnnounced);
        Assert.Equal(["192.168.1.20"], during.Select(address => address.ToString()));
        Assert.Empty(people.Current);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("kind")]
    [InlineData("removed")]
    public async Task Changed_account_ends_its_sessions_at_once(string change)
    {
        await using var site = await SignInSite.StartAsync();
        var token = SessionMetadata.Of((await site.SignInAsync()).Token);
        using var accounts = Router.Site.AccountStore.Open(site.Folder, site.Clock);

        _ = change switch
        {
            "password" => accounts.Change("olga", kind: null, "another-password").Name,
            "kind" => accounts.Change("olga", PeerKind.Reader, password: null).Name,
            _ => Remove(accounts, "olga"),
        };
        var error = await Assert.ThrowsAsync<RpcException>(async () => await site.Client().ListSessionsAsync(new ListSessionsRequest(), token));

        Assert.Equal("SESSION_ENDED", error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason);
    }

    [Fact]
    public async Task Sessions_are_listed_in_pages_and_the_oldest_makes_room()
    {
        await using var site = await SignInSite.StartAsync(("Router:Sessions:MaxPerAccount", "2"));
        var ids = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            ids.Add((await site.SignInAsync()).Session.Id);
            site.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var client = site.Client(site.Person(PeerKind.Reader));
        var first = await client.ListSessionsAsync(new ListSessionsRequest { PageSize = 1 });
        var second = await client.ListSessionsAsync(new ListSessionsRequest { PageSize = 1, PageToken = first.NextPageToken });

        Assert.Equal(ids.Skip(1).Order(StringComparer.Ordinal), [first.Sessions.Single().Id, second.Sessions.Single().Id]);
        Assert.Empty(second.NextPageToken);
    }

    [Fact]
    public async Task Sign_out_without_a_token_says_what_is_missing()
    {
        await using var site = await SignInSite.StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(async () => await site.Client(site.Person(PeerKind.Operator)).SignOutAsync(new SignOutRequest()));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains(SessionMetadata.Name, error.Status.Detail, StringComparison.Ordinal);
    }

    private static string Remove(Router.Site.AccountStore accounts, string name)
    {
        accounts.Remove(name);
        return name;
    }
}
