using Appliance.Package.Tests.Machines;
using Appliance.Tests.Shared;

namespace Appliance.Package.Tests;

/// <summary>A machine with the package is updated over the network, under systemd and by dpkg, and goes back to its last package by itself.</summary>
// One after the other: each machine takes a processor for itself while it starts.
[Collection("package")]
public sealed class PackageUpdateTests(BuiltPackage package) : IDisposable
{
    private const string Old = "1.2.3";
    private const string New = "1.2.4";
    private const string Faulty = "1.2.5";

    // A bmc role with a simulated board: the one that needs nothing of the machine.
    private const string Site = """
        echo force-depends >/etc/dpkg/dpkg.cfg.d/test
        dpkg -i /root/old.deb >/dev/null 2>&1
        appliance pki init /root/site --site home >/dev/null
        appliance pki issue /root/site --kind admin --name admin >/dev/null
        appliance pki issue /root/site --kind node --name node1 --role bmc --out /tmp/bmc >/dev/null
        install -d -o appliance-bmc -g appliance -m 700 /var/lib/appliance/bmc /var/lib/appliance/bmc/pki
        install -o appliance-bmc -g appliance -m 600 /tmp/bmc/* /var/lib/appliance/bmc/pki/
        echo '{ "Node": { "Name": "node1" }, "Bmc": { "Board": { "Simulate": "2.3.7" } } }' >/etc/appliance/appliance.json
        chgrp appliance /etc/appliance/appliance.json && chmod 640 /etc/appliance/appliance.json
        systemctl start appliance@bmc
        """;

    private readonly TempFolder _folder = new();

    [Fact]
    public void New_package_is_kept_when_its_role_answers_and_one_that_does_not_start_gives_way_to_the_last()
    {
        Machine.Require();
        Tool.Require(("/usr/bin/openssl", "openssl"));
        using var machine = Start();

        var kept = Update(machine, package.UpdateOf(New));
        var floor = machine.Run("cat /var/lib/appliance/updates/good.json");
        var older = Update(machine, package.UpdateOf(Old));
        var faulty = Update(machine, Broken("release"));

        Assert.True(kept.Code == 0, kept.Output + machine.Log());
        Assert.Contains($"\"state\":\"kept\",\"version\":\"{New}\"", kept.Output, StringComparison.Ordinal);
        Assert.Contains($"\"floor\": \"{New}\"", floor, StringComparison.Ordinal);
        Assert.Contains($"The update has version {Old}, this node takes {New} or newer", older.Output, StringComparison.Ordinal);
        Assert.True(faulty.Code == 1, faulty.Output + machine.Log());
        Assert.Contains($"The bmc node runs {New}: Version {New} runs as a package: ", faulty.Output, StringComparison.Ordinal);
        Assert.Contains("The package of before is installed again.", faulty.Output, StringComparison.Ordinal);
        Assert.Equal(New, Installed(machine));
        machine.Run("systemctl is-active appliance@bmc");
    }

    [Fact]
    public void Package_of_another_signer_is_refused_by_the_role_and_by_the_system()
    {
        Machine.Require();
        Tool.Require(("/usr/bin/openssl", "openssl"));
        using var machine = Start();
        var foreign = Broken("stranger");

        var byRole = Update(machine, foreign);
        // A role that was taken over writes what it likes.
        machine.Put(foreign, "/root/foreign.update");
        machine.Run("cd /var/lib/appliance/bmc && install -d -o appliance-bmc updates && cp /root/foreign.update updates/package.bundle && echo 1.2.5 >updates/activate");
        machine.Until("grep -q refused /var/lib/appliance/updates/verdict.json");

        Assert.Equal(1, byRole.Code);
        Assert.Contains("is not signed by whom this node trusts", byRole.Output, StringComparison.Ordinal);
        Assert.Contains("WRONG_SIGNATURE", machine.Run("cat /var/lib/appliance/updates/verdict.json"), StringComparison.Ordinal);
        Assert.Equal(Old, Installed(machine));
    }

    [Fact]
    public void Machine_that_went_down_while_a_package_was_on_trial_puts_the_last_one_back()
    {
        Machine.Require();
        Tool.Require(("/usr/bin/openssl", "openssl"));
        using var machine = Start();
        machine.Put(package.Of(New), "/root/new.deb");

        machine.Run("systemctl stop appliance-update.path 'appliance@*'; cp /root/old.deb /var/lib/appliance/packages/current.deb; echo 1.2.4 >/var/lib/appliance/packages/trial; dpkg --unpack /root/new.deb; systemctl start appliance@bmc");
        machine.Until("grep -q rolled_back /var/lib/appliance/updates/verdict.json && systemctl is-active appliance@bmc");

        Assert.Equal($"install ok installed {Old}", machine.Run("dpkg-query -W -f '${Status} ${Version}' appliance").Trim());
        Assert.NotEqual(0, machine.Try("test -e /var/lib/appliance/packages/trial").Code);
    }

    public void Dispose() => _folder.Dispose();

    private Machine Start()
    {
        var machine = new Machine("true");
        machine.Put(package.Of(Old), "/root/old.deb");
        machine.Run(Site);
        return machine;
    }

    // Signed, and its program ends at once.
    private string Broken(string signer)
    {
        var program = _folder.File("broken");
        Directory.CreateDirectory(program);
        File.WriteAllText(Path.Combine(program, "appliance"), "#!/bin/sh\nexit 1\n");
        File.SetUnixFileMode(Path.Combine(program, "appliance"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        package.Build(Faulty, _folder.File(signer), program, signer);
        return Directory.GetFiles(_folder.File(signer), "*.update").Single();
    }

    private static string Installed(Machine machine) => machine.Run("dpkg-query -W -f '${Version}' appliance").Trim();

    private static (int Code, string Output) Update(Machine machine, string bundle)
    {
        machine.Put(bundle, "/root/sent.update");
        return machine.Try("appliance update install /root/sent.update --node bmc --pki /root/site --format json --wait 8");
    }
}
