using Appliance.Hosting.Authorization;
using Appliance.Hosting.Errors;
using Appliance.Protos.Site.V1;
using Grpc.Core;

namespace Appliance.Router.Site;

/// <summary>AccountService: the accounts of the site's people, for whoever has a certificate to show.</summary>
internal sealed class AccountGrpcService(AccountStore accounts) : AccountService.AccountServiceBase
{
    public override Task<ListAccountsResponse> ListAccounts(ListAccountsRequest request, ServerCallContext context)
    {
        var page = Page<Account>.Cut(accounts.All, account => account.Name, request.PageSize, request.PageToken);
        return Task.FromResult(new ListAccountsResponse { Accounts = { page.Items.Select(SiteWire.ToWire) }, NextPageToken = page.NextToken });
    }

    public override Task<CreateAccountResponse> CreateAccount(CreateAccountRequest request, ServerCallContext context)
    {
        RefuseSession(context);
        return Task.FromResult(new CreateAccountResponse { Account = SiteWire.ToWire(accounts.Add(request.Account, SiteWire.ToKind(request.Kind), request.Password)) });
    }

    public override Task<UpdateAccountResponse> UpdateAccount(UpdateAccountRequest request, ServerCallContext context)
    {
        RefuseSession(context);
        if (request.Kind.Length == 0 && request.Password.Length == 0)
        {
            throw new InvalidInputException("kind", "and password are empty, so there is nothing to change; give one of them or both");
        }

        var changed = accounts.Change(request.Account, request.Kind.Length > 0 ? SiteWire.ToKind(request.Kind) : null, request.Password.Length > 0 ? request.Password : null);
        return Task.FromResult(new UpdateAccountResponse { Account = SiteWire.ToWire(changed) });
    }

    public override Task<DeleteAccountResponse> DeleteAccount(DeleteAccountRequest request, ServerCallContext context)
    {
        RefuseSession(context);
        accounts.Remove(request.Account);
        return Task.FromResult(new DeleteAccountResponse());
    }

    // A Logger that was taken over acts with the session of whoever is signed in, for an hour; an account would stay.
    private static void RefuseSession(ServerCallContext context)
    {
        if (context.SessionId() is not null)
        {
            throw new BusyException("ACCOUNT_BY_SESSION", "Accounts are changed with an admin's own certificate, not from the dashboard; use 'appliance accounts --server'.");
        }
    }
}
