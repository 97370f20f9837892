using System.CommandLine;
using Appliance.Commands;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Router;
using Appliance.Router.Site;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Commands;

[Trait("Category", "Slow")]
public sealed class AccountsCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public void Account_is_added_with_the_password_of_a_file()
    {
        File.WriteAllText(_folder.File("password"), "correct-horse-battery\n");

        var code = Run("accounts", "add", "olga", "--kind", "operator", "--password-file", _folder.File("password"));

        Assert.Equal((0, ""), (code, _error.ToString()));
        Assert.Equal(PeerKind.Operator, Assert.Single(Accounts()).Kind);
        Assert.DoesNotContain("correct-horse", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Account_without_a_password_gets_one_that_is_told_once()
    {
        Run("accounts", "add", "olga", "--kind", "reader");
        var told = _output.ToString();
        Run("accounts", "list");

        Assert.Matches("password +([a-z2-9]{5}-){3}[a-z2-9]{5}", told);
        Assert.DoesNotContain("password", _output.ToString()[told.Length..], StringComparison.Ordinal);
    }

    [Fact]
    public void Account_is_changed_and_removed()
    {
        Run("accounts", "add", "olga", "--kind", "reader");

        var changed = Run("accounts", "change", "olga", "--kind", "admin");
        var kind = Assert.Single(Accounts()).Kind;
        var removed = Run("accounts", "remove", "olga");

        Assert.Equal((0, PeerKind.Admin, 0), (changed, kind, removed));
        Assert.Empty(Accounts());
    }

    [Fact]
    public void Second_account_of_a_name_is_refused_with_the_way_out()
    {
        Run("accounts", "add", "olga", "--kind", "reader");

        var code = Run("accounts", "add", "olga", "--kind", "admin");

        Assert.Equal(1, code);
        Assert.Contains("appliance accounts change olga", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Short_password_is_refused()
    {
        File.WriteAllText(_folder.File("password"), "short\n");

        var code = Run("accounts", "add", "olga", "--kind", "operator", "--password-file", _folder.File("password"));

        Assert.Equal(1, code);
        Assert.Contains("has 5 characters; it takes 12 to 256", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Router_that_nobody_logs_in_to_is_asked_with_an_admins_certificate()
    {
        await using var site = new TestSite();
        site.Authority.Issue(PeerIdentity.OfPerson(site.Authority.Site, PeerKind.Admin, "ada"), TimeSpan.FromDays(1), []).Write(_folder.Path, "ada");
        await File.WriteAllTextAsync(_folder.File("ca.crt"), site.Authority.CertificatePem, TestContext.Current.CancellationToken);
        await site.StartAsync(Role.Router, builder => builder.AddRouter(), app => app.MapRouter(), ("Router:Firewall:Enforce", "rendered"));
        string[] server = ["--server", site.Address(Role.Router).ToString(), "--pki", _folder.Path, "--as", "ada"];

        var codes = new[]
        {
            Run(["accounts", "add", "olga", "--kind", "operator", .. server]),
            Run(["accounts", "add", "olga", "--kind", "reader", .. server]),
            Run(["accounts", "change", "olga", "--kind", "reader", .. server]),
            Run(["accounts", "list", .. server]),
            Run(["accounts", "remove", "olga", .. server]),
        };

        Assert.Equal([0, 1, 0, 0, 0], codes);
        Assert.Contains("FailedPrecondition: There is an account 'olga' already", _error.ToString(), StringComparison.Ordinal);
        Assert.Matches("password +([a-z2-9]{5}-){3}[a-z2-9]{5}", _output.ToString());
        Assert.Matches("(?m)^olga +reader +20", _output.ToString());
        Assert.Empty(Accounts());
    }

    [Theory]
    [InlineData("accounts", "add", "olga", "--kind", "subscriber")]
    [InlineData("accounts", "add", "olga")]
    [InlineData("accounts", "change", "olga")]
    public void Wrong_usage_is_told_before_anything_is_done(params string[] arguments)
    {
        Assert.NotEmpty(NewRoot().Parse([.. arguments, "--state", _folder.Path]).Errors);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    private IReadOnlyList<Account> Accounts()
    {
        using var accounts = AccountStore.Open(_folder.File("router"), TimeProvider.System);
        return accounts.All;
    }

    private int Run(params string[] arguments) => NewRoot().Parse([.. arguments, "--state", _folder.Path])
        .Invoke(new InvocationConfiguration { Output = _output, Error = _error, EnableDefaultExceptionHandler = false });

    private static RootCommand NewRoot() => new() { AccountsCommand.Create() };
}
