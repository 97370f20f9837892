using Appliance.Hosting.Identity;
using Appliance.Router.Site;
using Microsoft.Data.Sqlite;

namespace Appliance.Commands;

/// <summary>The accounts in the router's state folder, beside a running router or without one.</summary>
internal sealed class FileAccounts : IAccounts
{
    private readonly string _folder;
    private readonly AccountStore _accounts;

    public FileAccounts(string folder)
    {
        _folder = folder;
        _accounts = Use(() => AccountStore.Open(folder, TimeProvider.System));
    }

    public IReadOnlyList<Account> All => Use(() => _accounts.All);

    public Account Add(string name, PeerKind kind, string password) => Use(() => _accounts.Add(name, kind, password));

    public Account Change(string name, PeerKind? kind, string? password) => Use(() => _accounts.Change(name, kind, password));

    public void Remove(string name) => Use(() =>
    {
        _accounts.Remove(name);
        return name;
    });

    public void Dispose() => _accounts.Dispose();

    private T Use<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException error)
        {
            throw new IOException($"The accounts in {_folder} cannot be used: {error.Message} Run the command as the user that the router runs as, or name the router with --server.", error);
        }
    }
}
