using System.Runtime.Versioning;
using System.Text;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;
using Appliance.Router.Site;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Router.Tests.Site;

[SupportedOSPlatform("linux")]
public sealed class AccountStoreTests : IDisposable
{
    private const string Password = "correct-horse-battery";

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();

    private string Folder => _folder.File("router");

    [Fact]
    public void Accounts_outlive_a_restart_in_a_file_for_the_owner_alone()
    {
        using (var accounts = Open())
        {
            accounts.Add("olga", PeerKind.Operator, Password);
        }

        using var again = Open();

        Assert.Equal([new Account("olga", PeerKind.Operator, _clock.GetUtcNow())], again.All);
        Assert.All(Directory.GetFiles(Folder), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void Password_is_in_no_file()
    {
        using (var accounts = Open())
        {
            accounts.Add("olga", PeerKind.Operator, Password);
        }

        Assert.All(Directory.GetFiles(Folder), file => Assert.DoesNotContain(Password, Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal));
    }

    [Fact]
    public void Same_password_is_hashed_differently_each_time()
    {
        Assert.NotEqual(AccountPassword.Hash("olga", Password), AccountPassword.Hash("olga", Password));
    }

    [Fact]
    public void Name_that_is_taken_is_refused()
    {
        using var accounts = Open();
        accounts.Add("olga", PeerKind.Operator, Password);

        var error = Assert.Throws<BusyException>(() => accounts.Add("olga", PeerKind.Admin, Password));

        Assert.Contains("appliance accounts change olga", error.Message, StringComparison.Ordinal);
        Assert.Equal(PeerKind.Operator, Assert.Single(accounts.All).Kind);
    }

    [Theory]
    [InlineData("Olga", PeerKind.Operator, Password, "name")]
    [InlineData("", PeerKind.Operator, Password, "name")]
    [InlineData("olga", PeerKind.Subscriber, Password, "kind")]
    [InlineData("olga", PeerKind.Node, Password, "kind")]
    [InlineData("olga", PeerKind.Operator, "elevenchars", "password")]
    [InlineData("olga", PeerKind.Operator, "           \n           ", "password")]
    public void What_no_account_can_have_is_refused_by_field(string name, PeerKind kind, string password, string field)
    {
        using var accounts = Open();

        var error = Assert.Throws<InvalidInputException>(() => accounts.Add(name, kind, password));

        Assert.Equal(field, Assert.Single(error.Faults).Field);
    }

    [Fact]
    public void Change_and_removal_of_nobody_are_told()
    {
        using var accounts = Open();

        Assert.Throws<NotFoundException>(() => accounts.Change("olga", PeerKind.Admin, password: null));
        Assert.Throws<NotFoundException>(() => accounts.Remove("olga"));
    }

    [Fact]
    public void Damaged_file_is_kept_and_nobody_has_an_account()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllBytes(Path.Combine(Folder, "accounts.db"), [.. Enumerable.Repeat((byte)7, 8192)]);

        using var accounts = Open();

        Assert.Empty(accounts.All);
        Assert.Single(Directory.GetFiles(Folder, "accounts.db.damaged-*"));
    }

    [Fact]
    public void Made_passwords_are_long_and_all_different()
    {
        var made = Enumerable.Range(0, 100).Select(_ => AccountPassword.Make()).ToHashSet();

        Assert.Equal(100, made.Count);
        Assert.All(made, password => Assert.Matches("^([a-hj-km-np-z2-9]{5}-){3}[a-hj-km-np-z2-9]{5}$", password));
    }

    public void Dispose() => _folder.Dispose();

    private AccountStore Open() => AccountStore.Open(Folder, _clock);
}
