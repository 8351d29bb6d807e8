from keepalived_py.cli.main import main

if __name__ == "__main__":
    main()
