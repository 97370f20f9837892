using Appliance.Hosting.Clients;
using Appliance.Hosting.Identity;
using Appliance.Protos.Site.V1;
using Grpc.Core;
using Account = Appliance.Router.Site.Account;

namespace Appliance.Commands;

/// <summary>The accounts of a router that is asked with an admin's certificate.</summary>
internal sealed class AccountsClient(PersonChannel channel, string where) : IAccounts
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(60);

    private readonly AccountService.AccountServiceClient _client = new(channel.Calls);

    public IReadOnlyList<Account> All
    {
        get
        {
            var (accounts, token) = (new List<Account>(), "");
            do
            {
                var page = Ask(options => _client.ListAccounts(new ListAccountsRequest { PageSize = 1000, PageToken = token }, options));
                accounts.AddRange(page.Accounts.Select(FromWire));
                token = page.NextPageToken;
            }
            while (token.Length > 0);
            return accounts;
        }
    }

    public Account Add(string name, PeerKind kind, string password) => FromWire(
        Ask(options => _client.CreateAccount(new CreateAccountRequest { Account = name, Kind = PeerIdentity.KindWord(kind), Password = password }, options)).Account);

    public Account Change(string name, PeerKind? kind, string? password) => FromWire(
        Ask(options => _client.UpdateAccount(new UpdateAccountRequest { Account = name, Kind = kind is { } given ? PeerIdentity.KindWord(given) : "", Password = password ?? "" }, options)).Account);

    public void Remove(string name) => Ask(options => _client.DeleteAccount(new DeleteAccountRequest { Account = name }, options));

    public void Dispose() => channel.Dispose();

    // The gRPC client counts deadlines on the system's clock.
    private T Ask<T>(Func<CallOptions, T> call)
    {
        try
        {
            return call(new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + AnswerTime));
        }
        catch (RpcException failure)
        {
            throw new IOException($"The call of {where} failed, {failure.StatusCode}: {failure.Status.Detail}", failure);
        }
    }

    // A word of a later version gives the least right.
    private static Account FromWire(Protos.Site.V1.Account account) =>
        new(SiteCommand.Text(account.Name), PeerIdentity.TryKind(account.Kind, out var kind) ? kind : PeerKind.Reader, account.ChangeTime.ToDateTimeOffset());
}
